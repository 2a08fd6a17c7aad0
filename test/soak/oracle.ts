import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Closers } from '../../src/control-plane/closers';
import { PYTHON } from '../../src/embedded/installation';

/** What CPython makes of a program's input: the value's `repr`, or the `__name__` of what it raises. */
export type Outcome = { output: string } | { exception: string };

const BOUND_MS = 60_000;

/**
 * Runs programs in a CPython of its own, outside the jail: only such as this repository's authors wrote.
 * @returns the outcomes of each program's inputs
 */
export async function outcomesOf(
  programs: readonly (readonly [string, readonly string[]])[],
  closers: Closers,
): Promise<Outcome[][]> {
  const oracle = spawn(PYTHON, ['-I', '-S', '-B', join(__dirname, 'oracle.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: BOUND_MS,
    killSignal: 'SIGKILL',
  });
  closers.add(oracle, (it) => void it.kill('SIGKILL'));
  const ended = once(oracle, 'exit');
  oracle.stdin.end(`${JSON.stringify(programs)}\n`);
  const reply = await text(oracle.stdout);
  const [code, signal] = (await ended) as [number | null, string | null];
  if (code !== 0) throw new Error(`the oracle ended with ${code ?? signal}`);
  return JSON.parse(reply) as Outcome[][];
}
