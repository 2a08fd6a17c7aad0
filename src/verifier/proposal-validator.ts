import type { Parsed, PromptFormat } from '../domain/prompt';
import type { ProposerView } from '../domain/prompt/prompt-format';
import { isToldInComment } from '../domain/task/told-in-comment';
import type { Proposal, Task } from '../domain/task/task';
import type { Accepted, Validation } from '../domain/task/verdict';
import { holdsSet, parseArguments } from '../domain/value';
import { bannedKeyword } from './ban-policy';
import { Objection, treated, worst } from './objection';
import type { ProgramAnalysis, ProgramExecutor, ProgramRun } from './ports';
import { objectionToTask } from './proposals/admission';
import { errorNameOf } from './proposals/error';
import { identityOf, objectionToRepeat, type Known } from './proposals/identity';
import { objectionToInduction, objectionToMessage, pairsOf } from './proposals/induction';
import { objectionToRepeatedInput, readInputs, type InputBounds } from './proposals/inputs';
import { MadeRuns } from './proposals/made-runs';
import { outputOf } from './proposals/triplet';
import { readResponse, type Response } from './read-response';
import { AnswerScorer } from './score-answer';
import type { VerifierSettings } from './settings';
import { soundProgram, STRIPPINGS, type SoundProgram, type Stripping } from './sound-program';

/** What may differ for tasks that no proposer wrote, such as seeds. */
export interface ValidationOptions {
  /** Of an induction task; `tasks.inductionInputs`, no more and no fewer, unless told. */
  inputs?: InputBounds;
  /** As `tasks.stripComments` says unless told. */
  strip?: Stripping;
}

/** Decides whether a proposal is a task: integrity, safety, determinism (AZR section 3.3.3), answerability. */
export class ProposalValidator {
  constructor(
    private readonly executor: ProgramExecutor,
    private readonly format: PromptFormat,
    private readonly settings: VerifierSettings,
  ) {}

  /**
   * @param view what the proposer was shown
   * @throws PartUnavailable
   */
  async validateResponse(
    view: ProposerView,
    response: Response,
    known: Known,
    options?: ValidationOptions,
  ): Promise<Validation> {
    const proposal = readResponse(response, (text) => this.parse(view, text));
    return proposal.outcome === 'malformed' ? proposal : this.validate(proposal.value, known, options);
  }

  /** @throws PartUnavailable */
  async validate(proposal: Proposal, known: Known, options: ValidationOptions = {}): Promise<Validation> {
    const found = await this.find(proposal, known, options);
    return found instanceof Objection ? rejection(found) : found;
  }

  private parse(view: ProposerView, text: string): Parsed<Proposal> {
    if (view.type !== 'induction') return this.format.parseTriplet(view.type, text);
    const inputs = this.format.parseInputs(text);
    return inputs.ok ? { ok: true, value: { type: view.type, program: view.program, ...inputs.value } } : inputs;
  }

  /**
   * What costs least is checked first; programs run only where all else holds. An objection that is not penalised is
   * the answer only once nothing else is wrong, or it would be a way around the penalty.
   */
  private async find(proposal: Proposal, known: Known, options: ValidationOptions): Promise<Accepted | Objection> {
    const { tasks, executor: limits } = this.settings;
    const inputs = this.inputsOf(proposal, options.inputs);
    if (inputs instanceof Objection) return inputs;
    const repeated = objectionToRepeatedInput(inputs, tasks);
    if (repeated?.penalised) return repeated;
    const program = await this.programOf(proposal, options.strip ?? (tasks.stripComments ? 'comments' : 'none'));
    if (program instanceof Objection) return program;
    const identity = identityOf(proposal.type, program.analysis, inputs);
    const repeat = worst(repeated, objectionToRepeat(identity, known, 'there already', tasks));
    if (repeat?.penalised) return repeat;
    const everywhere = program.analysis.seesHashes || inputs.some((input) => holdsSet(parseArguments(input)));
    const runs = await this.executor.runAcross(program.source, inputs, { ...limits, stopAtLimit: true, everywhere });
    const task = taskOf(identity.id, proposal, program.source, inputs, runs);
    if (task instanceof Objection) return task;
    const unwanted = worst(repeat, objectionToKind(task, program.analysis, tasks));
    if (unwanted?.penalised) return unwanted;
    const scorer = new AnswerScorer(new MadeRuns(this.executor, program, inputs, runs), this.format, this.settings);
    return (
      (await objectionToTask(task, this.format, scorer)) ??
      unwanted ?? {
        outcome: 'accepted',
        ...{ task, namelessId: identity.namelessId, metrics: program.analysis.metrics },
        toldInComment: isToldInComment(task, program.analysis.withoutComments),
      }
    );
  }

  private inputsOf(proposal: Proposal, bounds?: InputBounds): string[] | Objection {
    const { tasks, executor } = this.settings;
    const tooLong = proposal.type === 'induction' ? objectionToMessage(proposal.message) : undefined;
    const wanted = tasks.inductionInputs;
    return tooLong ?? readInputs(proposal, executor.inputLength, bounds ?? { least: wanted, most: wanted });
  }

  private async programOf({ type, program }: Proposal, stripping: Stripping): Promise<SoundProgram | Objection> {
    const { banned, bannedErrorKeywords } = this.settings.tasks;
    const sound = await soundProgram((text) => this.executor.analyze(text), program, STRIPPINGS[stripping], banned);
    if (sound instanceof Objection || type !== 'error') return sound;
    const keyword = bannedKeyword(sound.analysis, bannedErrorKeywords);
    return keyword === undefined ? sound : new Objection('banned', `the keyword ${keyword}`);
  }
}

/** What becomes of a proposal that there is an objection to. */
export const rejection = ({ reason, detail, penalised }: Objection): Validation => ({
  outcome: 'rejected',
  ...{ penalised, reason, detail },
});

function taskOf(
  id: string,
  proposal: Proposal,
  program: string,
  inputs: readonly string[],
  runs: readonly ProgramRun[][],
): Task | Objection {
  if (proposal.type === 'induction') {
    const pairs = pairsOf(inputs, runs);
    return pairs instanceof Objection ? pairs : { id, type: proposal.type, program, pairs, message: proposal.message };
  }
  const output = (proposal.type === 'error' ? errorNameOf : outputOf)(runs[0] ?? []);
  return output instanceof Objection ? output : { id, type: proposal.type, program, input: inputs[0]!, output };
}

/** What a run may have against a task that is sound. */
function objectionToKind(
  task: Task,
  { withoutComments, ignoresInput }: ProgramAnalysis,
  tasks: VerifierSettings['tasks'],
): Objection | undefined {
  if (task.type === 'induction') return objectionToInduction(task, withoutComments, tasks);
  if (task.type === 'error' || !ignoresInput) return undefined;
  return treated(tasks.ignoredInputs, 'ignored_input', 'f mentions none of its parameters');
}
