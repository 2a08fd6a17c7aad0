import type { Random } from '../../src/domain/random/random';

/** A program whose names are still open: `<n>` is where its n-th name is bound, `{n}` where it is mentioned. */
export interface OpenProgram {
  text: string;
  /** The scope that binds each name: that of the module, the helper, the entry, or one within the entry. */
  scopes: readonly Scope[];
}

type Scope = 'module' | 'helper' | 'entry' | 'comprehension' | 'lambda' | 'inner';

/** A global, a helper that is called, and `f(x, y)` with a comprehension, a lambda and a function of its own. */
export function openProgram(random: Random): OpenProgram {
  const scopes: Scope[] = [];
  const bind = (scope: Scope): number => scopes.push(scope) - 1;
  const [limit, helper, p, sum, i] = [...twice(bind, 'module'), ...twice(bind, 'helper'), bind('helper')];
  const [x, y, n, rows] = [...twice(bind, 'entry'), ...twice(bind, 'entry')];
  const [inner, row, q, z] = [bind('entry'), bind('comprehension'), bind('lambda'), bind('inner')];
  const of = (...names: number[]): string => expression(random, names, 2);
  const own = [x, y, n, limit];
  const text = [
    `<${limit}> = ${random.below(5)}`,
    `def <${helper}>(<${p}>):`,
    `    <${sum}> = ${of(p, limit)}`,
    `    for <${i}> in range(3):`,
    `        <${sum}> += ${of(p, sum, i)}`,
    `    return ${of(sum, p)}`,
    `def f(<${x}>, <${y}>):`,
    `    <${n}> = ${of(x, y, limit)}`,
    `    <${rows}> = [${of(row, ...own)} for <${row}> in range(3) if {${row}} != ${of(...own)}]`,
    `    def <${inner}>(<${z}>):`,
    `        nonlocal <${n}>`,
    `        <${n}> = ${of(z, ...own)}`,
    `        return {${n}}`,
    `    <${y}> = {${inner}}(${of(...own)})`,
    `    return [{${rows}}, (lambda <${q}>: ${of(q, ...own)})(${of(...own)}), {${helper}}(${of(...own)}), {${n}}]`,
  ].join('\n');
  return { text, scopes };
}

const twice = (bind: (scope: Scope) => number, scope: Scope): [number, number] => [bind(scope), bind(scope)];

function expression(random: Random, names: readonly number[], depth: number): string {
  if (depth === 0 || random.below(3) === 0) {
    return random.below(3) === 0 ? String(random.below(4)) : `{${oneOf(random, names)}}`;
  }
  const [left, right] = [expression(random, names, depth - 1), expression(random, names, depth - 1)];
  return `(${left} ${oneOf(random, ['+', '-', '*'])} ${right})`;
}

const oneOf = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)]!;

export const named = ({ text }: OpenProgram, names: readonly string[]): string =>
  text.replace(/[<{](\d+)[>}]/g, (_, n: string) => names[Number(n)]!);

/** Names that are all different. */
export const differentNames = ({ scopes }: OpenProgram, random: Random): string[] =>
  random.shuffle(scopes.map((_, n) => `name_${n}`));

/** The same names in the helper as in the entry: neither sees the other's. */
export function sharedNames({ scopes }: OpenProgram): string[] {
  const taken = new Map<Scope, number>();
  return scopes.map((scope) => {
    const n = taken.get(scope) ?? 0;
    taken.set(scope, n + 1);
    return `${scope === 'helper' ? 'entry' : scope}_${n}`;
  });
}

/** So few names that some hide others. */
export const fewNames = ({ scopes }: OpenProgram, pool: readonly string[], random: Random): string[] =>
  scopes.map(() => oneOf(random, pool));

/** The program with one number, operator or mention of a name changed. */
export function changed(program: OpenProgram, random: Random): OpenProgram {
  const places = [...program.text.matchAll(/\{\d+\}|(?<![<{\d])\d(?![>}\d])| [-+*] /g)];
  const { 0: old, index } = oneOf(random, places);
  const others = old.startsWith('{')
    ? program.scopes.map((_, n) => `{${n}}`)
    : old.startsWith(' ')
      ? [' + ', ' - ', ' * ']
      : ['5', '6'];
  const other = oneOf(
    random,
    others.filter((it) => it !== old),
  );
  return { ...program, text: program.text.slice(0, index) + other + program.text.slice(index + old.length) };
}
