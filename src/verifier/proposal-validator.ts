import type { PromptFormat } from '../domain/prompt';
import { taskId, type Proposal, type Task, type TaskType } from '../domain/task/task';
import type { Reason, Validation } from '../domain/task/verdict';
import {
  canonicalArguments,
  canonicalText,
  equalValues,
  parseArguments,
  parseValue,
  ValueSyntaxError,
  type PyValue,
} from '../domain/value';
import { bannedConstruct } from './ban-policy';
import type { ProgramExecutor, ProgramRun, ProposalLimits, RunFailure } from './ports';
import { readText } from './read-text';
import { scoreResponse, type Response } from './score-answer';

/** Characters of a program; far below what the executor takes. */
const LONGEST_PROGRAM = 65_536;

/** Decides whether a proposal is a task: integrity, safety, determinism (AZR section 3.3.3), answerability. */
export class ProposalValidator {
  constructor(
    private readonly executor: ProgramExecutor,
    private readonly format: PromptFormat,
    private readonly limits: ProposalLimits,
  ) {}

  /** @param known whether a task of this id is there already */
  async validateResponse(type: TaskType, response: Response, known: (taskId: string) => boolean): Promise<Validation> {
    if (!response.finished) return { outcome: 'malformed', reason: 'truncated', detail: 'cut at the token limit' };
    const proposal = this.format.parseProposal(type, response.text);
    if (!proposal.ok) return { outcome: 'malformed', reason: 'malformed', detail: proposal.detail };
    return this.validate(proposal.value, known);
  }

  async validate({ type, program, input: text }: Proposal, known: (taskId: string) => boolean): Promise<Validation> {
    if (program.length > LONGEST_PROGRAM) return rejected('too_long', 'the program is too long');
    const input = readText(canonicalInput, text);
    if (input instanceof ValueSyntaxError) return rejected('bad_input', input.message);
    if (input.length > this.limits.inputLength) return rejected('too_long', 'the input is too long');
    const analysis = await this.executor.analyze(program);
    if (analysis.syntaxError !== '') return rejected('syntax_error', analysis.syntaxError);
    if (analysis.entryProgram === '') return rejected('no_entry_function', 'there is no function f');
    const banned = bannedConstruct(analysis);
    if (banned !== undefined) return rejected('banned', banned);
    const id = taskId(type, analysis.canonical, input);
    if (known(id)) return rejected('duplicate', 'the task is in the buffer already');
    const runs = await this.executor.runAcross(analysis.entryProgram, input, this.limits);
    return this.judge(runs, { id, type, program: analysis.entryProgram, input });
  }

  /**
   * Every run must give the same value, and that value, written as an answer, must score as a solver's does: in
   * canonical form it may hold what the format cannot tell from its tags.
   */
  private judge(runs: readonly ProgramRun[], task: Omit<Task, 'output'>): Validation {
    const values: (PyValue | ValueSyntaxError)[] = [];
    for (const run of runs) {
      if (run.status !== 'ok') return rejected(REASON_OF[run.status], run.detail);
      values.push(readText(parseValue, run.output));
    }
    const [first, ...others] = values;
    if (first === undefined) return rejected('no_result', 'the executor made no run');
    if (first instanceof ValueSyntaxError) return rejected('invalid_output', first.message);
    if (others.some((value) => value instanceof ValueSyntaxError || !equalValues(first, value, 'strict'))) {
      return rejected('nondeterministic', 'two runs gave different values');
    }
    return this.admit({ ...task, output: canonicalText(first) });
  }

  private admit(task: Task): Validation {
    const shown = [task.program, task.input, task.output];
    if (!shown.every((text) => this.format.canShow(text))) {
      return rejected('unshowable', `it holds what the prompt format ${this.format.name} takes for a tag`);
    }
    const answer = { text: this.format.renderAnswer(task.output), finished: true };
    const verdict = scoreResponse(task, answer, (text) => this.format.parseAnswer(task.type, text));
    return verdict.outcome === 'correct' ? { outcome: 'accepted', task } : rejected('unverifiable', verdict.detail);
  }
}

const rejected = (reason: Reason, detail: string): Validation => ({ outcome: 'rejected', reason, detail });

const canonicalInput = (text: string): string => canonicalArguments(parseArguments(text));

const REASON_OF: Record<RunFailure, Reason> = {
  exception: 'exception',
  timeout: 'timeout',
  memory_limit: 'memory_limit',
  output_limit: 'output_limit',
  invalid_output: 'invalid_output',
  invalid_input: 'bad_input',
  crash: 'no_result',
  violation: 'no_result',
  no_result: 'no_result',
};
