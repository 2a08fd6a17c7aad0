import fc from 'fast-check';
import { Random } from '../../src/domain/random/random';
import { arbitraryValue } from '../support/values/arbitrary-value';
import { named } from '../support/values/constructor-text';
import { expression } from '../support/values/expression';
import { mutate } from '../support/values/mutation';
import { nearBound } from '../support/values/near-bound';
import { nearValue } from '../support/values/near-value';
import type { OracleText } from '../support/values/oracle';
import { pick } from '../support/values/pick';
import { spell } from '../support/values/spelling';

export const ORIGINS = ['value', 'expression', 'arguments', 'bound', 'mutant'] as const;
export type Origin = (typeof ORIGINS)[number];

export interface Source extends Pick<OracleText, 'kind' | 'text'> {
  readonly origin: Origin;
  /** Index of the text whose value may be equal, within the same batch. */
  readonly near?: number;
}

/** Generated values of one batch; a fifth as many mutants come with them. */
export const BATCH = 200;
const PAIRS = 50;
const EXPRESSIONS = 59;
const ARGUMENTS = 40;
export const MUTANTS = BATCH / 5;

/** The texts of a batch, which depend on the seed and on its number alone. */
export function textsOf(seed: number, batch: number): Source[] {
  const random = new Random(seed, 'texts', batch);
  const generated = [
    ...valuePairs(random),
    ...Array.from({ length: EXPRESSIONS }, (_, index): Source => {
      return {
        kind: 'value',
        origin: 'expression',
        text: expression(random),
        near: 2 * PAIRS + Math.max(0, index - 1),
      };
    }),
    ...Array.from({ length: ARGUMENTS }, (): Source => {
      return { kind: 'arguments', origin: 'arguments', text: argumentList(random) };
    }),
    atBound(random, batch),
  ];
  const mutants = Array.from({ length: MUTANTS }, (): Source => {
    const near = random.below(generated.length);
    const { kind, text } = generated[near]!;
    return { kind, origin: 'mutant', text: mutate(text, random, pick(random, generated).text), near };
  });
  return [...generated, ...mutants];
}

/** A spelling of a value, and one of the same value or of one that is close to it. */
function valuePairs(random: Random): Source[] {
  const values = fc.sample(arbitraryValue, { numRuns: PAIRS, seed: random.uint32() | 0 });
  return values.flatMap((value, index): Source[] => {
    const other = pick(random, [value, nearValue(value, random), nearValue(nearValue(value, random), random)]);
    const texts = [value, other].map((one) => ({ kind: 'value', origin: 'value', text: spell(one, random) }) as const);
    return [texts[0]!, { ...texts[1]!, near: 2 * index }];
  });
}

function argumentList(random: Random): string {
  const positional = Array.from({ length: random.below(3) }, () => expression(random, 1));
  const keyword = Array.from({ length: random.below(3) }, () => named(random, () => expression(random, 1)));
  const all = random.below(20) === 0 ? [...keyword, ...positional] : [...positional, ...keyword];
  return all.join(pick(random, [',', ', ', ' ,\n'])) + pick(random, ['', '', ',', ' # end', '\n']);
}

/** Few, for they are large. */
const atBound = (random: Random, batch: number): Source =>
  batch % 2 === 0
    ? { kind: 'value', origin: 'bound', text: nearBound(random) }
    : { kind: 'value', origin: 'expression', text: expression(random) };
