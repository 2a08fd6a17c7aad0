import type { Parsed } from '../domain/prompt';
import { taskId, type Proposal, type Task } from '../domain/task/task';
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
import type { ProgramExecutor, ProgramRun, RunFailure, RunLimits } from './ports';
import { readText } from './read-text';
import { scoreAnswer, type Response } from './score-answer';

/** Decides whether a proposal is a task: integrity, safety, determinism (AZR section 3.3.3), answerability. */
export class ProposalValidator {
  constructor(
    private readonly executor: ProgramExecutor,
    private readonly limits: RunLimits,
  ) {}

  /**
   * @param parse reads the proposal out of a finished response
   * @param known whether a task of this id is there already
   */
  async validateResponse(
    response: Response,
    parse: (text: string) => Parsed<Proposal>,
    known: (taskId: string) => boolean,
  ): Promise<Validation> {
    if (!response.finished) return { outcome: 'malformed', reason: 'truncated', detail: 'cut at the token limit' };
    const proposal = parse(response.text);
    if (!proposal.ok) return { outcome: 'malformed', reason: 'malformed', detail: proposal.detail };
    return this.validate(proposal.value, known);
  }

  async validate(proposal: Proposal, known: (taskId: string) => boolean): Promise<Validation> {
    const input = readText(canonicalInput, proposal.input);
    if (input instanceof ValueSyntaxError) return rejected('bad_input', input.message);
    const analysis = await this.executor.analyze(proposal.program);
    if (analysis.syntaxError !== '') return rejected('syntax_error', analysis.syntaxError);
    if (analysis.entryProgram === '') return rejected('no_entry_function', 'there is no function f');
    const banned = bannedConstruct(analysis);
    if (banned !== undefined) return rejected('banned', banned);
    const id = taskId(proposal.type, analysis.canonical, input);
    if (known(id)) return rejected('duplicate', 'the task is in the buffer already');
    const runs = await this.executor.runAcross(analysis.entryProgram, input, this.limits);
    return judgeRuns(runs, { id, type: proposal.type, program: analysis.entryProgram, input });
  }
}

const rejected = (reason: Reason, detail: string): Validation => ({ outcome: 'rejected', reason, detail });

const canonicalInput = (text: string): string => canonicalArguments(parseArguments(text));

/** Every run must give the same value, and that value must verify as an answer to the task that stores it. */
function judgeRuns(runs: readonly ProgramRun[], task: Omit<Task, 'output'>): Validation {
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
  const gold: Task = { ...task, output: canonicalText(first) };
  const verdict = scoreAnswer(gold, gold.output);
  return verdict.outcome === 'correct' ? { outcome: 'accepted', task: gold } : rejected('unverifiable', verdict.detail);
}

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
