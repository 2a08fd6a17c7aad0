import { AzrError } from '../../../src/domain/errors';
import { Azr } from '../../support/azr';

const STOP_MS = 60_000;

/**
 * The last line of what `azr …` prints, as JSON. What it says of its progress goes to our standard error.
 * @param signal asks it to stop; it is killed where it has not within a minute
 * @throws AzrError where it fails
 */
export async function azr(args: readonly string[], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const { process: child, ended } = new Azr(...args, '--json');
  child.stderr!.pipe(process.stderr, { end: false });
  const stop = (): void => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  const { code, stdout } = await ended;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0) throw new AzrError('internal', `azr ${args[0]} ended with ${String(code)}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}
