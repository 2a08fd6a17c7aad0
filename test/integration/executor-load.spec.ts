import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { Random } from '../../src/domain/random/random';
import { RunStatus } from '../../src/generated/azr/v1/executor';
import { TestExecutor } from '../support/executor/executor';

/** Short enough that a core which is shared by three makes a program late that has half the time to itself. */
const LIMITS = { timeoutMs: 400, memoryMib: 64, outputBytes: 1_000 };
const CASES = 500;
const AT_ONCE = 4;

/** Kinds of program, each with how often it comes. */
const KINDS: [times: number, program: (n: number) => string][] = [
  [40, (n) => `def f(x):\n    return [x, ${n}]`],
  [20, (n) => `def f(x):\n    total = 0\n    for i in range(${200_000 + n}):\n        total += i\n    return total`],
  [10, (n) => `import math\ndef f(x):\n    return math.factorial(${n % 50}) % 1009`],
  [10, (n) => `def f(x):\n    return x // (${n} - ${n})`],
  [5, (n) => `def f(x):\n    return "a" * ${2_000 + n}`],
  [5, (n) => `def f(x):\n    return [bytearray(2**20) for _ in range(${100 + n})]`],
  [5, (n) => `def f(x):\n    return (lambda: ${n})`],
  [3, (n) => `def f(x):\n    while True: x = ${n}`],
  [2, (n) => `import signal\ndef f(x):\n    return signal.sigwait([${10 + (n % 2)}])`],
];

function cases(): string[] {
  const random = new Random(20261125, 'load');
  const kinds = KINDS.flatMap(([times, program]) => Array<(n: number) => string>(times).fill(program));
  return Array.from({ length: CASES }, () => kinds[random.below(kinds.length)]!(random.below(1_000)));
}

/** The verdicts of all programs, some at a time. */
async function verdicts(executor: TestExecutor, programs: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const left = [...programs.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const run = await executor.run(next[1], '1', { limits: LIMITS });
      found[next[0]] = `${RunStatus[run.status]} ${run.output}${run.exceptionType}`;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

/** Processes that keep every core busy. */
const burners = (): ChildProcess[] =>
  Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['-e', 'for (;;);']));

describe('verdicts', () => {
  it('do not depend on the load of the machine', async () => {
    const programs = cases();
    const executor = await TestExecutor.start();
    const idle = await verdicts(executor, programs);
    const load = burners();
    try {
      expect(await verdicts(executor, programs)).toEqual(idle);
    } finally {
      load.forEach((burner) => burner.kill('SIGKILL'));
      await executor.stop();
    }
    expect(new Set(idle.map((verdict) => verdict.split(' ')[0])).size).toBe(6);
  }, 240_000);
});
