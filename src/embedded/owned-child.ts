import { spawn, type ChildProcess } from 'node:child_process';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../domain/errors';
import { ChildDied, ChildNotReady, type ChildExit } from './child-died';
import { childEnvironment } from './child-environment';
import { ChildLog } from './child-log';

const KILL_WAIT_MS = 5_000;

export interface ChildSpec {
  /** As a person would call it, such as `policy server`. */
  name: string;
  command: string;
  args: readonly string[];
  environment?: Record<string, string>;
  cwd?: string;
  /** Standard error, and standard output after the readiness line, are appended to it. */
  logFile: string;
  /** Sent in this order until it has ended; SIGKILL for its whole process group follows. */
  stopSignals?: readonly NodeJS.Signals[];
}

/** Resolves with what a child says of itself once it can be used; `signal` says that nobody waits any more. */
export type ReadinessProbe<T> = (signal: AbortSignal) => Promise<T>;

/**
 * A child process that its owner answers for. It has a session of its own, so that a terminal's Ctrl-C reaches the
 * owner alone, and a standard input that stays open for as long as the owner lives.
 */
export class OwnedChild {
  /** Resolves when it has ended, for whatever reason; never rejects. */
  readonly exited: Promise<ChildExit>;
  private readonly process: ChildProcess;
  private readonly log: ChildLog;
  private readonly firstLine: Promise<string>;
  private stopping?: Promise<void>;
  private hasExited = false;

  constructor(private readonly spec: ChildSpec) {
    this.log = new ChildLog(spec.logFile);
    this.process = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: childEnvironment(spec.environment),
      stdio: ['pipe', 'pipe', this.log.descriptor],
      detached: true,
    });
    // It may end before it has read: that is for `exited` to tell.
    this.process.stdin?.on('error', () => undefined);
    this.firstLine = this.readOutput();
    this.exited = this.watchExit();
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  lastLines(): string[] {
    return this.log.lastLines();
  }

  /** Calls `callback` if it ends without having been asked to. */
  onDeath(callback: (death: ChildDied) => void): void {
    void this.exited.then((exit) => {
      if (!this.stopping) callback(this.death(exit));
    });
  }

  /**
   * Waits until it can be used: by default until the first line of its standard output, which is JSON with
   * `"ready": true`.
   * @throws ChildDied, ChildNotReady
   */
  async ready<T extends object>(
    timeoutMs: number,
    probe: ReadinessProbe<T> = () => this.readinessLine<T>(),
  ): Promise<T> {
    const settled = new AbortController();
    const { signal } = settled;
    const died = this.exited.then((exit) => Promise.reject(this.death(exit)));
    const late = delay(timeoutMs, undefined, { signal }).then(() =>
      Promise.reject(this.notReady(`was not ready after ${timeoutMs / 1000} s`)),
    );
    late.catch(() => undefined);
    died.catch(() => undefined);
    try {
      return await Promise.race([probe(signal), died, late]);
    } finally {
      settled.abort();
    }
  }

  /**
   * Waits until it has ended by itself and well.
   * @throws ChildDied, ChildNotReady
   */
  async completed(timeoutMs: number): Promise<void> {
    await this.exitWithin(timeoutMs);
    if (!this.hasExited) throw this.notReady(`had not ended after ${timeoutMs / 1000} s`);
    const exit = await this.exited;
    if (exit.code !== 0) throw this.death(exit);
  }

  /** Asks it to end, waiting up to `graceMs` for each of its stop signals, then kills it. Never rejects. */
  stop(graceMs: number): Promise<void> {
    this.stopping ??= this.end(graceMs);
    return this.stopping;
  }

  private async end(graceMs: number): Promise<void> {
    for (const signal of this.spec.stopSignals ?? ['SIGTERM']) {
      if (this.hasExited) break;
      this.process.kill(signal);
      await this.exitWithin(graceMs);
    }
    if (!this.hasExited) this.killGroup();
    await this.exitWithin(KILL_WAIT_MS);
  }

  private async exitWithin(ms: number): Promise<void> {
    const waited = new AbortController();
    await Promise.race([this.exited, delay(ms, undefined, { signal: waited.signal }).catch(() => undefined)]);
    waited.abort();
  }

  private killGroup(): void {
    try {
      if (this.pid) process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nobody is left in it.
    }
  }

  private readOutput(): Promise<string> {
    const lines = createInterface({ input: this.process.stdout as NodeJS.ReadableStream });
    return new Promise((resolve) => {
      lines.on('line', (line) => {
        resolve(line);
        if (!this.hasExited) writeSync(this.log.descriptor, `${line}\n`);
      });
    });
  }

  private watchExit(): Promise<ChildExit> {
    return new Promise<ChildExit>((resolve) => {
      this.process.once('error', (error) => resolve({ code: null, signal: null, error }));
      this.process.once('exit', (code, signal) => resolve({ code, signal }));
    }).then((exit) => {
      this.hasExited = true;
      // What it left behind in its group goes with it.
      this.killGroup();
      this.log.close();
      return exit;
    });
  }

  private async readinessLine<T>(): Promise<T> {
    const line = await this.firstLine;
    try {
      const said = JSON.parse(line);
      if (said?.ready === true) return said;
    } catch (error) {
      throw this.notReady(`printed ${JSON.stringify(line)} where its readiness line should be: ${messageOf(error)}`);
    }
    throw this.notReady(`printed ${line} where its readiness line should be`);
  }

  private notReady(why: string): ChildNotReady {
    return new ChildNotReady(this.spec.name, this.lastLines(), this.spec.logFile, why);
  }

  private death(exit: ChildExit): ChildDied {
    return new ChildDied(this.spec.name, exit, this.lastLines(), this.spec.logFile);
  }
}
