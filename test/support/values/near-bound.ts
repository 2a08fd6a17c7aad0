import { Random } from '../../../src/domain/random/random';
import { MAX_DEPTH, MAX_LENGTH, MAX_WORK } from '../../../src/domain/value/limits';
import { pick } from './pick';

/** A text that only just keeps a bound of the grammar, or only just does not. */
export function nearBound(random: Random): string {
  return pick(random, [
    () => nearDepth(random),
    () => nearDepth(random),
    () => nearDigits(random),
    () => nearWork(random),
  ])();
}

const within = (open: string, levels: number, inner: string, close: string): string =>
  open.repeat(levels) + inner + close.repeat(levels);

function nearDepth(random: Random): string {
  const levels = MAX_DEPTH - 2 + random.below(5);
  const inner = pick(random, [
    '1',
    '',
    '1e999',
    '1j',
    '1+1j',
    "frozenset('a')",
    '2**2',
    '-1',
    'range(3)',
    '()',
    'set()',
  ]);
  return pick(random, [
    within('[', levels, inner, ']'),
    within('(', levels, inner, ',)'),
    within('{1:', levels, inner, '}'),
    within('(', levels, inner, ')'),
    within('frozenset({', levels >> 1, inner, '})'),
    within('frozenset((', levels >> 1, inner, ',))'),
    within('dict([(1,', Math.floor(levels / 3), inner, ')])'),
    `1,${within('[', levels, inner, ']')}`,
    `${'-'.repeat(levels)}${inner}`,
    `${'1**'.repeat(levels)}${inner}`,
    `${'2**-'.repeat(levels)}1`,
    within('[2**', levels >> 1, '1', ']'),
    within('(1)**(', levels >> 1, '1', ')*1'),
  ]);
}

function nearDigits(random: Random): string {
  const digits = 4299 + random.below(3);
  const power = 10n ** 4300n - 1n + BigInt(random.below(3));
  return pick(random, [
    '9'.repeat(digits),
    `-${'9'.repeat(digits)}`,
    `10**${digits}`,
    `10**${digits}-1`,
    `~-10**${digits}`,
    `0x${power.toString(16)}`,
    `-0o${power.toString(8)}`,
    `${'9'.repeat(digits)}+1`,
    `${'9'.repeat(2150)}*${'9'.repeat(2150)}9`,
    `2**${14283 + random.below(3)}`,
    `float('${'1'.repeat(999 + random.below(3))}')`,
    `dict(${'a'.repeat(999 + random.below(3))}=1)`,
    `range(-10**${digits}, 10**${digits})`,
  ]);
}

/** As few tokens as possible, for CPython's sake. */
function nearWork(random: Random): string {
  const units = MAX_WORK - 10 + random.below(8);
  const half = units >> 1;
  return pick(random, [
    `set(range(${half}))`,
    `frozenset(range(${half}))`,
    `set(range(-${half},0))`,
    `[set(range(${half >> 1})), frozenset(range(${half >> 1}))]`,
    `bytes(${units})`,
    `set(bytes(${half}))`,
    `bytes(range(256))`,
    `set(range(10**1000, 10**1000 + ${Math.floor(units / 128)}))`,
    `'${'\\x00'.repeat(MAX_LENGTH / 4 - random.below(2))}'`,
    `b'${'\x01'.repeat(MAX_LENGTH / 4 - random.below(2))}'`,
    `${`(${'10**4299,'.repeat(Math.floor(units / 660))}),`.repeat(2)}`,
    `[${`9**4000,`.repeat(Math.floor(units / 283) + random.below(2))}]`,
    `[${`1.1**300,`.repeat(Math.floor(units / 1044))}]`,
  ]);
}
