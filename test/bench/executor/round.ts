import { Random } from '../../../src/domain/random/random';
import type { Pair } from '../../../src/domain/task/task';
import { ANSWERS, answersTo, type Answer, type AnswerableTask } from './answers';

export const TYPES = ['deduction', 'abduction', 'induction'] as const;

/** A program whose ten inputs were found to give values, and not all the same. */
export interface PreparedProgram {
  text: string;
  message: string;
  pairs: readonly Pair[];
}

/** A proposal, what should become of it, and the answers to the task that it is. */
export interface RoundTask extends AnswerableTask {
  /** For induction. */
  message: string;
  accepted: boolean;
  /** None where the proposal is no task. */
  answers: readonly Answer[];
}

export type Round = readonly RoundTask[];

/** What is timed apart: the validation of every proposal, and the scoring of every answer of one type. */
export const PARTS = ['validate', ...TYPES] as const;
export type Part = (typeof PARTS)[number];

/**
 * The job once: of each program a deduction, an abduction and an induction proposal, with eight answers each. Every
 * round has programs that nobody has seen, but for induction, whose programs a proposer is shown: those are the
 * deduction programs of the round before, as a buffer would give them.
 * @param number 1 for the first round
 */
export function roundOf(programs: readonly PreparedProgram[], seed: number, number: number): Round {
  return programs.flatMap((program, index) => TYPES.map((type) => taskOf(type, program, seed, number, index)));
}

/** A program as a round's proposal of that type has it: the same program, and another text. */
export const proposedIn = (round: number, type: 'deduction' | 'abduction', text: string): string =>
  `${text}\n# proposed for ${type} in round ${round}`;

function taskOf(
  type: AnswerableTask['type'],
  { text, message, pairs }: PreparedProgram,
  seed: number,
  round: number,
  index: number,
): RoundTask {
  const program = proposedIn(type === 'induction' ? round - 1 : round, type === 'abduction' ? type : 'deduction', text);
  // A triplet's own pair first: the answers are made from the others.
  const ownFirst = type === 'abduction' ? [pairs[1]!, pairs[0]!, ...pairs.slice(2)] : pairs;
  const task = { type, message, program, pairs: ownFirst, accepted: true };
  return { ...task, answers: answersTo(task, new Random(seed, 'answers', round, type, index)) };
}

const LOOP = 'def f(*args):\n    n = 1\n    while n:\n        n = n + 1 if n < 9 else 1\n    return n';
const VERDICTS_A_LOOP = 1000;

/** The round with one verdict in a thousand about a program that never ends: proposals and answers by turns. */
export function withLoops(round: Round): { round: Round; loops: number } {
  const loops = Math.max(1, Math.round(verdictsOf(round).whole / VERDICTS_A_LOOP));
  const [answersThatLoop, proposalsThatLoop] = [Math.ceil(loops / 2), Math.floor(loops / 2)];
  let left = answersThatLoop;
  const answered = round.map((task) => {
    if (task.type !== 'induction' || left === 0) return task;
    left -= 1;
    return { ...task, answers: [{ text: LOOP, right: false }, ...task.answers.slice(1)] };
  });
  const [first] = round;
  const proposals = Array.from({ length: proposalsThatLoop }, (_, i): RoundTask => {
    return { ...first!, program: `${LOOP}\n# ${i}`, accepted: false, answers: [] };
  });
  return { round: [...proposals, ...answered], loops };
}

/** Tasks whose answers are scored in a part. */
export const answered = (round: Round, type: AnswerableTask['type']): RoundTask[] =>
  round.filter((task) => task.type === type && task.accepted);

/** Verdicts of each part and of the whole. */
export function verdictsOf(round: Round): Record<Part | 'whole', number> {
  const of = (type: AnswerableTask['type']): number => answered(round, type).length * ANSWERS;
  const parts = {
    validate: round.length,
    deduction: of('deduction'),
    abduction: of('abduction'),
    induction: of('induction'),
  };
  return { ...parts, whole: PARTS.reduce((sum, part) => sum + parts[part], 0) };
}
