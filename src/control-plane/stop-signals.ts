import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { AzrError } from '../domain/errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** How often a process that npm started looks whether npm is still there. */
const PARENT_POLL_MS = 1_000;
/** The same signal within this time is the same wish. */
const ECHO_MS = 300;

/** Someone asked to stop at once. */
export class Interrupted extends AzrError {
  constructor(readonly exitCode: number) {
    super('conflict', 'stopped at once; committed steps are kept');
  }
}

/**
 * The first signal asks for an end after the current step; the second, or any before `allowSteps`, ends at once.
 * A process that npm started also ends when npm is gone.
 */
export class StopSignals {
  private asked = false;
  private stepping = false;
  private last: { signal?: NodeJS.Signals; at: number } = { at: 0 };
  private interrupt!: (error: Interrupted) => void;
  private ask!: () => void;
  /** Resolves when someone asks for an end after the current step. */
  readonly stopAsked: Promise<void>;
  /** Rejects when someone asks to stop at once. */
  readonly interrupted: Promise<never>;
  private readonly watch: NodeJS.Timeout | undefined;

  constructor(private readonly note: (message: string) => void) {
    this.stopAsked = new Promise((resolve) => (this.ask = resolve));
    this.interrupted = new Promise((_, reject) => (this.interrupt = reject));
    this.interrupted.catch(() => undefined);
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
    this.watch = watchNpm(() => this.interrupt(new Interrupted(1)));
  }

  /** From here on the first signal waits for the step's end. */
  allowSteps(): void {
    this.stepping = true;
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
    clearInterval(this.watch);
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.isEcho(signal)) return;
    if (this.asked || !this.stepping) this.interrupt(new Interrupted(128 + constants.signals[signal]));
    else {
      this.note('ending after what is under way; once more to stop at once');
      this.ask();
    }
    this.asked = true;
  };

  /** A terminal's Ctrl-C reaches a process that npm started twice: from the terminal, and passed on by npm. */
  private isEcho(signal: NodeJS.Signals): boolean {
    const now = performance.now();
    const isEcho = signal === this.last.signal && now - this.last.at < ECHO_MS;
    this.last = { signal, at: now };
    return isEcho;
  }
}

function watchNpm(gone: () => void): NodeJS.Timeout | undefined {
  const npm = npmAncestor();
  if (npm === undefined) return undefined;
  const timer = setInterval(() => {
    if (!processOf(npm)) gone();
  }, PARENT_POLL_MS);
  return timer.unref();
}

/** npm, or the shell that it runs a script with, is the parent. */
function npmAncestor(): number | undefined {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  for (let pid = process.ppid, depth = 0; depth < 2; depth++) {
    const found = processOf(pid);
    if (found?.command.startsWith('npm')) return pid;
    pid = found?.parent ?? 0;
  }
  return undefined;
}

/** @returns undefined where there is no such process */
function processOf(pid: number): { command: string; parent: number } | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    // The name, in parentheses, may hold anything; state and parent follow it.
    const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[1]);
    return command === '' ? undefined : { command, parent };
  } catch {
    return undefined;
  }
}
