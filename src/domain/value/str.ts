import { PyStr } from './value';

const NO_SPLITS: readonly number[] = [];

/** From JavaScript text, where a surrogate pair is one code point; a lone surrogate stays one. */
export function pyStr(text: string, splits: readonly number[] = NO_SPLITS): PyStr {
  return { kind: 'str', text, splits };
}

/** @param codePoints each from 0 to 0x10ffff, surrogates among them */
export function pyStrOf(codePoints: readonly number[]): PyStr {
  return joinedStr(codePoints.map((point) => pyStr(String.fromCodePoint(point))));
}

/** One string after the other, as adjacent literals are. */
export function joinedStr(strs: readonly PyStr[]): PyStr {
  const splits: number[] = [];
  let length = 0;
  let previous = '';
  for (const { text, splits: own } of strs) {
    if (isPair(previous, text)) splits.push(length);
    for (const split of own) splits.push(length + split);
    length += text.length;
    if (text !== '') previous = text;
  }
  return pyStr(strs.map(({ text }) => text).join(''), splits);
}

/** The text, cut so that within each piece JavaScript sees the code points that Python does. */
export function piecesOf({ text, splits }: PyStr): string[] {
  if (splits.length === 0) return [text];
  return [0, ...splits].map((start, index) => text.slice(start, splits[index]));
}

/** Each code point as a text. */
export function* charactersOf(str: PyStr): Iterable<string> {
  for (const piece of piecesOf(str)) yield* piece;
}

export const codePointsOf = (str: PyStr): number[] => Array.from(charactersOf(str), (char) => char.codePointAt(0)!);

export const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
export const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Whether the end of one text and the start of another would become one character. */
const isPair = (before: string, after: string): boolean =>
  isHighSurrogate(before.charCodeAt(before.length - 1)) && isLowSurrogate(after.charCodeAt(0));
