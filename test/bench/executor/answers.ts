import type { Random } from '../../../src/domain/random/random';
import type { Pair, TaskType } from '../../../src/domain/task/task';
import { canonicalText, equalValues, parseValue, pyStr } from '../../../src/domain/value';

/** Answers to a task: as many as AZR samples to estimate its solve rate. */
export const ANSWERS = 8;

/** What stands in the answer's fence, and whether it is right. */
export interface Answer {
  text: string;
  right: boolean;
}

/** A verified task of the job: one pair, or ten for induction. */
export interface AnswerableTask {
  type: Exclude<TaskType, 'error'>;
  program: string;
  /** Of induction the first half is shown, the rest hidden; of the other types the first is the task's. */
  pairs: readonly Pair[];
}

/**
 * Eight answers such as a policy that is learning gives: one to seven are right, mostly in the same words; of the wrong
 * ones some are the same, some cannot be read, and some raise. None hangs.
 */
export function answersTo(task: AnswerableTask, random: Random): Answer[] {
  const right = 1 + random.below(ANSWERS - 1);
  const { rights, wrongs } = HANDS[task.type](task);
  return random.shuffle(
    Array.from({ length: ANSWERS }, (_, i) => {
      const isRight = i < right;
      const choices = isRight ? rights : wrongs;
      return { text: choices[random.below(choices.length)]!(i), right: isRight };
    }),
  );
}

/** Makes the text of the `number`-th answer. What stands twice in a list is drawn twice as often. */
type Draw = (number: number) => string;

interface Hand {
  rights: readonly Draw[];
  wrongs: readonly Draw[];
}

const HANDS: Record<AnswerableTask['type'], (task: AnswerableTask) => Hand> = { deduction, abduction, induction };

function deduction({ pairs: [first, ...others] }: AnswerableTask): Hand {
  const gold = first!.output;
  const values = differing(first!, others).map(({ output }) => output);
  const [favourite = `[${gold}]`, second = favourite] = values;
  return {
    rights: [() => gold, () => gold, () => gold, () => `(${gold})`],
    wrongs: [
      ...[() => favourite, () => favourite, () => second, (i: number) => values[i % values.length] ?? favourite],
      () => `[${gold}]`,
      () => canonicalText(pyStr(gold)),
      () => `${gold} (`,
      () => `It returns ${gold}.`,
    ],
  };
}

function abduction({ pairs: [first, ...others] }: AnswerableTask): Hand {
  const wrong = differing(first!, others);
  const alike = others.filter((pair) => !wrong.includes(pair));
  const given = first!.input;
  const draws = wrong.map(
    ({ input }) =>
      () =>
        input,
  );
  return {
    rights: [() => given, () => given, () => ` ${given}`, (i) => alike[i % alike.length]?.input ?? given],
    wrongs: [
      ...[...draws, ...draws].slice(0, 6),
      () => `${given}, no_such_argument=0`,
      () => `${given}, no_such_argument=[0]`,
      () => `${given} (`,
      () => 'any other one',
    ],
  };
}

/**
 * Programs that are written out are seldom the same twice: most of these carry the number of the answer. None is the
 * task's own program, which a solver has not seen.
 */
function induction({ program, pairs }: AnswerableTask): Hand {
  const wrapped = (result: string): string =>
    `${program}\n\n_given = f\n\ndef f(*args, **named):\n    value = _given(*args, **named)\n    return ${result}`;
  const shown = pairs.slice(0, pairs.length / 2).map(({ input, output }) => `((${input},), ${output})`);
  const table = `def f(*args):
    known = [${shown.join(', ')}]
    found = [value for given, value in known if given == args]`;
  return {
    rights: [
      () => wrapped('value'),
      (i) => wrapped(`value if len(named) < ${i + 9} else None`),
      (i) => `limit = ${i}\n\n${program}`,
      (i) => `${program}\n\ndef sample():\n    return ${i}`,
    ],
    wrongs: [
      ...[(i: number) => wrapped(`[value, ${i}]`), () => wrapped('[value]')],
      ...[(i: number) => `${table}\n    return found[0] if found else ${i}`, () => `${table}\n    return found`],
      (i) => `def f(*args):\n    return args[${7 + i}]`,
      (i) => `${program}\n\ndef f(*args, **named):\n    raise ValueError('case ${i}')`,
      () => wrapped('valeu'),
      (i) => `${program}\n    return (  # ${i}`,
    ],
  };
}

/** The pairs whose output is another value than the first one's. */
function differing(first: Pair, others: readonly Pair[]): Pair[] {
  const value = parseValue(first.output);
  return others.filter(({ output }) => !equalValues(parseValue(output), value, 'strict'));
}
