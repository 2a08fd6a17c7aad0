import { explainFailure } from '../../src/cli/exit';
import { Closers } from '../../src/control-plane/closers';
import { Interrupted, StopSignals } from '../../src/control-plane/stop-signals';

/**
 * Runs a command of the repository's own to its end, or until someone asks to stop, and leaves nothing behind. Sets the
 * exit code where it fails.
 * @param name as a person types it
 * @param work is given what closes what it opens
 */
export async function runCommand(name: string, work: (closers: Closers) => Promise<void>): Promise<void> {
  const signals = new StopSignals(() => undefined);
  const closers = new Closers();
  let interrupted = false;
  try {
    await Promise.race([signals.interrupted, work(closers)]);
  } catch (error) {
    const { lines, code } = explainFailure(error);
    process.exitCode = code;
    interrupted = error instanceof Interrupted;
    if (!interrupted) for (const line of lines) process.stderr.write(`${name}: ${line}\n`);
  } finally {
    await closers.closeAll(() => undefined);
    signals.close();
  }
  // What was interrupted may still be waiting for something.
  if (interrupted) process.exit();
}
