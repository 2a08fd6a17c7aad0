import { marshalArguments } from '../../src/executor/marshal';
import {
  Arguments,
  PyValue,
  ValueSyntaxError,
  canonicalArguments,
  canonicalText,
  equalValues,
  parseArguments,
  parseValue,
} from '../../src/domain/value';
import type { Disagreement, OracleText } from '../support/values/oracle';
import type { Source } from './texts';

type Kind = Source['kind'];

/** A text with what it was read as; a value is an argument list of one. */
export interface Read {
  readonly source: Source;
  readonly entry: OracleText;
  /** Undefined where the text is refused. */
  readonly args: Arguments | undefined;
}

/** @param problems what is wrong by our own account is added here */
export function readSource(source: Source, problems: Disagreement[]): Read {
  const { kind, text } = source;
  const args = accepted(kind, text, problems);
  if (args === undefined) return { source, args, entry: { kind, text, ours: null } };
  const ours = canonicalOf(kind, args);
  requireReadBack(kind, ours, args, problems);
  return { source, args, entry: { kind, text, ours, marshalled: marshalArguments(args).toString('base64') } };
}

export const valueOf = ({ positional }: Arguments): PyValue => positional[0]!;

export const isSame = (a: Arguments, b: Arguments): boolean => {
  const [first, second] = [valuesOf(a), valuesOf(b)];
  return first.length === second.length && first.every((value, i) => equalValues(value, second[i]!, 'strict'));
};

/** Undefined for a text that is refused, with a place within it; any other error is a crash. */
export function accepted(kind: Kind, text: string, problems: Disagreement[]): Arguments | undefined {
  try {
    return kind === 'value' ? { positional: [parseValue(text)], keyword: [] } : parseArguments(text);
  } catch (error) {
    const isRefusal = error instanceof ValueSyntaxError && error.offset >= 0 && error.offset <= text.length;
    if (!isRefusal) problems.push({ text, what: `we crash: ${String(error)}` });
    return undefined;
  }
}

const canonicalOf = (kind: Kind, args: Arguments): string =>
  kind === 'value' ? canonicalText(valueOf(args)) : canonicalArguments(args);

const valuesOf = ({ positional, keyword }: Arguments): PyValue[] => [
  ...positional,
  ...keyword.map(([, value]) => value),
];

/** A canonical text reads back as what is strictly equal, with the same canonical text. */
function requireReadBack(kind: Kind, ours: string, args: Arguments, problems: Disagreement[]): void {
  const again = accepted(kind, ours, problems);
  if (again === undefined) problems.push({ text: ours, what: 'this canonical text is not read' });
  // The repr of a complex number can lose the sign of a zero, and the text of the value that is read back shows that.
  else if (!isSame(again, args) || !(ours.includes('j') || canonicalOf(kind, again) === ours)) {
    problems.push({ text: ours, what: `this canonical text is read as ${canonicalOf(kind, again)}` });
  }
}
