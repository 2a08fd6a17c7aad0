import { join } from 'node:path';
import type { Random } from '../../src/domain/random/random';
import { readPrograms } from '../bench/executor/bench-program';

/** A program that means no harm, with argument lists for it. */
export interface OrdinaryProgram {
  text: string;
  inputs: readonly string[];
  /** Whether a second call in the same state gives another value. */
  keepsState?: boolean;
}

const TASKS = join(__dirname, '../bench/executor/tasks.jsonl');

/** Programs of all kinds and sizes: real ones, with imports and without, large ones, and such as raise. */
export function ordinaryPrograms(random: Random): OrdinaryProgram[] {
  return [
    ...readPrograms(TASKS),
    ...RAISING.map((text) => ({ text, inputs: ['0', '1', '-3', "'ab'", '[1, 2]', 'None'] })),
    ...Array.from({ length: 6 }, () => longProgram(random)),
    ...Array.from({ length: 6 }, (_, i) => largeValues(random, 10 ** (1 + (i % 3)))),
    ...STATEFUL.map((text) => ({ text, inputs: ['0', '1', '2', '3', '4', '5'], keepsState: true })),
  ];
}

/** What is raised depends on the input; some inputs give a value. */
const RAISING = [
  'def f(x):\n    return 10 // x',
  'def f(x):\n    return x[1]',
  'def f(x):\n    return {0: "zero", 1: "one"}[x]',
  'class Refused(Exception):\n    pass\n\ndef f(x):\n    if not x:\n        raise Refused("no")\n    return x',
  'def f(x):\n    if x == 1:\n        raise SystemExit(0)\n    return [x]',
  'def f(x):\n    try:\n        return x.upper()\n    finally:\n        print("done")',
  'def f(x):\n    assert isinstance(x, int), "a number"\n    return x + 1',
  'def f(x):\n    def deeper(n):\n        return deeper(n + 1)\n    return deeper(0) if x == 0 else x',
  'import math\n\ndef f(x):\n    return round(math.sqrt(x), 6)',
  'def f(x):\n    return undefined_name if x else 0',
];

/** State that must not be seen by the next input: each of them finds what the first one found. */
const STATEFUL = [
  'seen = []\n\ndef f(x):\n    seen.append(x)\n    return len(seen)',
  'def f(x, memory={}):\n    memory[x] = True\n    return sorted(memory)',
  `import math
if not hasattr(math, "visits"):
    math.visits = 0

def f(x):
    math.visits += 1
    return math.visits`,
  `class Counter:
    made = 0

    def __init__(self):
        Counter.made += 1

def f(x):
    Counter()
    return Counter.made`,
];

/** Some hundred functions that call each other in a row. */
function longProgram(random: Random): OrdinaryProgram {
  const count = 50 + random.below(350);
  const steps = Array.from({ length: count }, (_, i) => {
    const [factor, offset] = [1 + random.below(5), random.below(100)];
    return `def step_${i}(x):\n    y = x * ${factor} + ${offset}\n    return y % 1000003\n`;
  });
  const names = steps.map((_, i) => `step_${i}`).join(', ');
  const entry = `def f(x):\n    for step in [${names}]:\n        x = step(x)\n    return x`;
  return { text: `${steps.join('\n')}\n${entry}`, inputs: Array.from({ length: 10 }, (_, i) => `${i * 7}`) };
}

/** A few thousand numbers and words in, as many out. */
function largeValues(random: Random, size: number): OrdinaryProgram {
  const inputs = Array.from({ length: 5 }, () => {
    const numbers = Array.from({ length: size }, () => random.below(1_000) - 500);
    const words = Array.from({ length: size }, () => `'w${random.below(50)}'`);
    return `[${numbers.join(', ')}], [${words.join(', ')}]`;
  });
  const text = `def f(numbers, words):
    pairs = sorted(zip(words, numbers))
    totals = {}
    for word, number in pairs:
        totals[word] = totals.get(word, 0) + number
    return totals, [n for n in numbers if n % 3 == 0][:50], ' '.join(words)[:200]`;
  return { text, inputs };
}
