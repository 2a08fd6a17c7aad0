import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { AzrError } from '../../../src/domain/errors';

const AZR = join(__dirname, '../../../bin/azr.mjs');
const STOP_MS = 60_000;

/**
 * The last line of what `azr …` prints, as JSON. What it says of its progress goes to our standard error.
 * @param signal asks it to stop; it is killed where it has not within a minute
 * @throws AzrError where it fails
 */
export async function azr(args: readonly string[], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [AZR, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0) throw new AzrError('internal', `azr ${args[0]} ended with ${String(code)}`);
  return JSON.parse(output.trimEnd().split('\n').at(-1)!);
}
