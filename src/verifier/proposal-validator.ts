import type { Parsed, PromptFormat } from '../domain/prompt';
import type { ProposerView } from '../domain/prompt/prompt-format';
import { taskId, type Proposal, type Task } from '../domain/task/task';
import type { Validation } from '../domain/task/verdict';
import { bannedKeyword } from './ban-policy';
import { Objection } from './objection';
import type { ProgramExecutor, ProgramRun } from './ports';
import { objectionToTask } from './proposals/admission';
import { errorNameOf } from './proposals/error';
import { objectionToInduction, objectionToMessage, pairsOf } from './proposals/induction';
import { readInputs, type InputBounds } from './proposals/inputs';
import { outputOf } from './proposals/triplet';
import { readResponse, type Response } from './read-response';
import { AnswerScorer } from './score-answer';
import type { VerifierSettings } from './settings';
import { soundProgram, type SoundProgram, type Stripping } from './sound-program';

/** What may differ for tasks that no proposer wrote, such as seeds. */
export interface ValidationOptions {
  /** Of an induction task; `tasks.inductionInputs`, no more and no fewer, unless told. */
  inputs?: InputBounds;
  /** As `tasks.stripComments` says unless told. */
  strip?: Stripping;
}

/** Decides whether a proposal is a task: integrity, safety, determinism (AZR section 3.3.3), answerability. */
export class ProposalValidator {
  private readonly scorer: AnswerScorer;

  constructor(
    private readonly executor: ProgramExecutor,
    private readonly format: PromptFormat,
    private readonly settings: VerifierSettings,
  ) {
    this.scorer = new AnswerScorer(executor, format, settings);
  }

  /**
   * @param view what the proposer was shown
   * @param known whether a task of this id is there already
   * @throws PartUnavailable
   */
  async validateResponse(
    view: ProposerView,
    response: Response,
    known: (taskId: string) => boolean,
    options?: ValidationOptions,
  ): Promise<Validation> {
    const proposal = readResponse(response, (text) => this.parse(view, text));
    return proposal.outcome === 'malformed' ? proposal : this.validate(proposal.value, known, options);
  }

  /** @throws PartUnavailable */
  async validate(
    proposal: Proposal,
    known: (taskId: string) => boolean,
    options: ValidationOptions = {},
  ): Promise<Validation> {
    const found = await this.find(proposal, known, options);
    if (found instanceof Objection) return { outcome: 'rejected', reason: found.reason, detail: found.detail };
    return { outcome: 'accepted', ...found };
  }

  private parse(view: ProposerView, text: string): Parsed<Proposal> {
    if (view.type !== 'induction') return this.format.parseTriplet(view.type, text);
    const inputs = this.format.parseInputs(text);
    return inputs.ok ? { ok: true, value: { type: view.type, program: view.program, ...inputs.value } } : inputs;
  }

  /** What costs least is checked first; programs run only where all else holds. */
  private async find(
    proposal: Proposal,
    known: (taskId: string) => boolean,
    { inputs: bounds, strip }: ValidationOptions,
  ): Promise<Omit<Extract<Validation, { outcome: 'accepted' }>, 'outcome'> | Objection> {
    const { tasks, executor: limits } = this.settings;
    const tooLong = proposal.type === 'induction' ? objectionToMessage(proposal.message) : undefined;
    if (tooLong) return tooLong;
    const { inductionInputs: wanted } = tasks;
    const inputs = readInputs(proposal, this.settings, bounds ?? { least: wanted, most: wanted });
    if (inputs instanceof Objection) return inputs;
    const program = await this.programOf(proposal, strip ?? (tasks.stripComments ? 'comments' : 'none'));
    if (program instanceof Objection) return program;
    const id = taskId(proposal.type, program.analysis.canonical, inputs);
    if (tasks.duplicates === 'reject' && known(id)) return new Objection('duplicate', 'the task is there already');
    const runs = await this.executor.runAcross(program.source, inputs, limits);
    const task = this.taskOf(id, proposal, program, inputs, runs);
    if (task instanceof Objection) return task;
    return (await objectionToTask(task, this.format, this.scorer)) ?? { task, metrics: program.analysis.metrics };
  }

  private async programOf({ type, program }: Proposal, stripping: Stripping): Promise<SoundProgram | Objection> {
    const { banned, bannedErrorKeywords } = this.settings.tasks;
    const sound = await soundProgram(this.executor, program, stripping, banned);
    if (sound instanceof Objection || type !== 'error') return sound;
    const keyword = bannedKeyword(sound.analysis, bannedErrorKeywords);
    return keyword === undefined ? sound : new Objection('banned', `the keyword ${keyword}`);
  }

  private taskOf(
    id: string,
    proposal: Proposal,
    { source, analysis }: SoundProgram,
    inputs: readonly string[],
    runs: readonly ProgramRun[][],
  ): Task | Objection {
    if (proposal.type !== 'induction') {
      const output = (proposal.type === 'error' ? errorNameOf : outputOf)(runs[0] ?? []);
      if (output instanceof Objection) return output;
      return { id, type: proposal.type, program: source, input: inputs[0]!, output };
    }
    const pairs = pairsOf(inputs, runs);
    if (pairs instanceof Objection) return pairs;
    const task = { id, type: proposal.type, program: source, pairs, message: proposal.message };
    return objectionToInduction(task, analysis.withoutComments, this.settings.tasks) ?? task;
  }
}
