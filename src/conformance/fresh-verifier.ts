import { paper } from '../domain/prompt/paper';
import type { ProposerView } from '../domain/prompt';
import type { Task } from '../domain/task/task';
import type { Validation, Verdict } from '../domain/task/verdict';
import type { ProgramExecutor } from '../verifier/ports';
import { ProposalValidator } from '../verifier/proposal-validator';
import type { Malformed, Response } from '../verifier/read-response';
import { AnswerScorer } from '../verifier/score-answer';
import type { VerifierSettings } from '../verifier/settings';
import type { ProposeStep, Step } from './verifier-case';

const OPENING = '<think>';

const UNOPENED: Malformed = {
  outcome: 'malformed',
  reason: 'malformed',
  detail: `the turn does not begin with ${OPENING}`,
};

/** A verifier of the `paper` format with a buffer that is empty at first. Its steps are whole turns of an assistant. */
export class FreshVerifier {
  private readonly validator: ProposalValidator;
  private readonly scorer: AnswerScorer;
  private readonly buffer = new Set<string>();

  constructor(
    executor: ProgramExecutor,
    private readonly settings: VerifierSettings,
  ) {
    this.validator = new ProposalValidator(executor, paper, settings);
    this.scorer = new AnswerScorer(executor, paper, settings);
  }

  /** What becomes of the step's turn; an accepted task is in the buffer from then on. @throws as the verifier does */
  async respond(step: Step): Promise<Validation | Verdict> {
    const response = responseOf(step.turn);
    if (response === undefined) return UNOPENED;
    if (step.kind === 'solve') return (await this.scorer.score(step.task, [response]))[0]!;
    const validation = await this.validator.validateResponse(this.viewOf(step), response, (id) => this.buffer.has(id));
    if (validation.outcome === 'accepted') this.buffer.add(validation.task.id).add(validation.namelessId);
    return validation;
  }

  /** The verdicts on answers to the task, in order, each in a turn of its own. @throws as the verifier does */
  answer(task: Task, ...texts: string[]): Promise<Verdict[]> {
    const responses = texts.map((text) => ({ text: paper.renderAnswer(task.type, text), finished: true }));
    return this.scorer.score(task, responses);
  }

  private viewOf({ type, program }: ProposeStep): ProposerView {
    const { tasks, executor } = this.settings;
    const rules = {
      banned: tasks.banned,
      bannedKeywords: tasks.bannedErrorKeywords,
      timeoutSeconds: executor.timeoutMs / 1_000,
    };
    if (type === 'induction') return { type, program, inputs: tasks.inductionInputs, rules };
    return { type, references: [], rules };
  }
}

/**
 * The prompt has opened the think block, so what a policy writes goes on within it; a turn has the tag as well. One
 * that does not begin with it could not have come of the prompt.
 */
function responseOf(turn: string): Response | undefined {
  const text = turn.trimStart();
  return text.startsWith(OPENING) ? { text: text.slice(OPENING.length), finished: true } : undefined;
}
