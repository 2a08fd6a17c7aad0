import { Random } from '../../src/domain/random/random';
import { pick } from '../support/values/pick';
import { filled } from '../support/values/hostile-texts';

/** A text of 1 MB that repeats a short one, in one of the ways that may be slow to read or to refuse. */
export function stretched(text: string, random: Random): string {
  const piece = text.slice(0, 1 + random.below(text.length + 1)) || '#';
  return pick(random, [
    () => filled(piece),
    () => filled(`${piece},`, '['),
    () => filled(`(${piece}),`),
    () => filled(`${piece}\n`, "'''"),
    () => filled(`[${piece}`, '', '1'),
    () => filled(`${text},`, '{', '}'),
    () => filled(`${text}+`, '', '1'),
    () => filled(`${text} `),
  ])();
}
