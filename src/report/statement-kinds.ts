import { tallyOf } from '../domain/count';

/** What a line of a program does, the first that holds; read off its text, not off its syntax tree. */
const KINDS: readonly [kind: string, pattern: RegExp][] = [
  ['branch', /^(?:if|elif|else|match|case)\b/],
  ['loop', /^(?:for|while)\b/],
  ['comprehension', /\bfor\b.+\bin\b/],
  ['slice', /[\w)\]]\[[^\][]*:[^\][]*\]/],
  ['call', /[\w)\]]\(/],
  ['operator', /[-+*/%@&|^~]|<<|>>/],
];
/** The head of a function or class; its body may follow on the same line. */
const HEAD = /^(?:def \w+\(.*\)[^:]*|class\b[^:]*):\s*/;
/** Lines that no kind is counted of: comments, imports, and what hands on a value that is there already. */
const SILENT = /^(?:$|#|import\b|from\b|return \w+$|pass$|break$|continue$)/;

export const STATEMENT_KINDS = [...KINDS.map(([kind]) => kind), 'other'] as const;

const kindOf = (line: string): string => KINDS.find(([, pattern]) => pattern.test(line))?.[0] ?? 'other';

const statements = (program: string): string[] =>
  program
    .split('\n')
    .map((line) => line.trim().replace(HEAD, ''))
    .filter((line) => !SILENT.test(line));

export interface ProgramShape {
  /** Statements of any kind. */
  length: number;
  /** How often each kind stands in it; those that do not are left out. */
  kinds: ReadonlyMap<string, number>;
}

/** How long a program is and what it is made of. A statement over several lines counts as often. */
export function shapeOf(program: string): ProgramShape {
  const kinds = statements(program).map(kindOf);
  return { length: kinds.length, kinds: tallyOf(kinds) };
}
