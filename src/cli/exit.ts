import { AzrError, InvalidSettings, messageOf } from '../domain/errors';
import { ChildDied } from '../embedded/child-died';
import { printable } from '../telemetry/words';
import { Interrupted } from '../control-plane/stop-signals';

/** Wrong use of the command line, and settings that are not legal. */
export const EXIT_USAGE = 2;
export const EXIT_FAILURE = 1;

/** What a person is told of a failure, and the process's exit code. Stack traces go to the log alone. */
export function explainFailure(error: unknown): { lines: string[]; code: number } {
  if (error instanceof InvalidSettings) {
    const lines = error.problems.length > 1 ? ['these settings are not legal:', ...indented(error)] : [error.message];
    return { lines, code: EXIT_USAGE };
  }
  if (error instanceof Interrupted) return { lines: [error.message], code: error.exitCode };
  if (error instanceof ChildDied)
    return { lines: [...error.lastLines.map(printable), error.message], code: EXIT_FAILURE };
  if (error instanceof AzrError) return { lines: error.message.split('\n'), code: EXIT_FAILURE };
  return { lines: [`unexpected: ${messageOf(error)}`], code: EXIT_FAILURE };
}

const indented = (error: InvalidSettings): string[] => error.message.split('\n').map((line) => `  ${line}`);
