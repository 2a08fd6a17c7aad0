import {
  canonicalArguments,
  codePointsOf,
  parseArguments,
  pyFloat,
  pyInt,
  pyStrOf,
  type PyValue,
} from '../../../src/domain/value';

/** Argument lists like a given one, in canonical text: the same types, other numbers, other orders. */
export function variationsOf(input: string, count: number): string[] {
  const { positional, keyword } = parseArguments(input);
  return Array.from({ length: count }, (_, i) => {
    const by = i + 1;
    return canonicalArguments({
      positional: positional.map((value) => varied(value, by)),
      keyword: keyword.map(([name, value]) => [name, varied(value, by)] as const),
    });
  });
}

function varied(value: PyValue, by: number): PyValue {
  switch (value.kind) {
    case 'int':
      return pyInt(value.value + BigInt(by));
    case 'float':
      return pyFloat(value.value + by / 2);
    case 'str':
      return pyStrOf(turned(codePointsOf(value), by));
    case 'list':
    case 'tuple':
      return { ...value, items: turned(value.items, by).map((item) => varied(item, by)) };
    case 'dict':
      return { ...value, entries: value.entries.map(([key, inner]) => [key, varied(inner, by)]) };
    default:
      return value;
  }
}

/** Turned by some places; once that has been all the way round, without its last `by` items too. */
function turned<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  const kept = by < items.length ? items.length : Math.max(0, 2 * items.length - by);
  return [...items.slice(at), ...items.slice(0, at)].slice(0, kept);
}
