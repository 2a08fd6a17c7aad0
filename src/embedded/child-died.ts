import { PartUnavailable } from '../domain/errors';

/** How a child ended. With `error` it never started. */
export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: Error;
}

function describe({ code, signal, error }: ChildExit): string {
  if (error) return `could not be started: ${error.message}`;
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}

/** A child ended that was not asked to. */
export class ChildDied extends PartUnavailable {
  /** @param lastLines the end of what it wrote, oldest first */
  constructor(
    name: string,
    readonly exit: ChildExit,
    readonly lastLines: readonly string[],
    readonly logFile: string,
  ) {
    const last = lastLines.at(-1);
    super(name, `the ${name} ${describe(exit)}${last ? `: ${last.trim()}` : ''} (log: ${logFile})`);
  }
}

/** A child runs but did not become ready in time. */
export class ChildNotReady extends PartUnavailable {
  constructor(
    name: string,
    readonly lastLines: readonly string[],
    readonly logFile: string,
    why: string,
  ) {
    super(name, `the ${name} ${why} (log: ${logFile})`);
  }
}
