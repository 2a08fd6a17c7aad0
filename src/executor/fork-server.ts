import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { PartUnavailable } from '../domain/errors';
import {
  CANCEL_REQUEST,
  Cause,
  encodeRequest,
  extendRequest,
  ReplyDecoder,
  type End,
  type ForkRequest,
  type Frame,
  type Overdue,
  type Reply,
} from './frames';
import { waitedForCore } from './run-queue';
import { parseReport, type ForkServerReport } from './fork-server-report';
import type { BuiltTier } from './tiers';

const PYTHON_DIR = join(__dirname, 'python');
const START_MS = 20_000;
const STOP_MS = 2_000;
/** The fork server's own bound on reading a payload. */
const PREAMBLE_MS = 10_000;
/** The fork server keeps the clock; after this much more it is taken to hang itself. */
const GRACE_MS = 1_000;
/** A run's clock stands still while the program waits for a core, for as many times its limit in all. */
const MOST_EXTENSION = 60;
/** Milliseconds; less is not worth the asking. */
const LEAST_EXTENSION = 1;
const STDERR_CHARS = 2_000;

/**
 * `none` is small, so that its forks cost least, and runs programs that import nothing; `whole` has the part of the
 * standard library that programs may import, and analyses them as well.
 */
export const LIBRARIES = ['none', 'whole'] as const;
export type Library = (typeof LIBRARIES)[number];

/** What fork servers differ in. */
export interface Kind {
  /** Decides hash seed, address layout, clocks and process numbers. */
  group: number;
  library: Library;
}

export interface ForkServerOptions extends Kind {
  python: string;
  /** The strongest jail to build. */
  strongestTier: BuiltTier;
}

/** What came of one child. */
export interface Outcome {
  frames: Frame[];
  end: End;
}

interface Job {
  request: ForkRequest;
  /** The preamble first. */
  frames: Frame[];
  /** Milliseconds that the child's clock was stopped for: in all, and in the item that runs. */
  extended: number;
  extendedItem: number;
  isStarved: boolean;
  resolve: (outcome: Outcome) => void;
  reject: (error: Error) => void;
  watchdog?: NodeJS.Timeout;
}

/** One warm interpreter in its jail; it runs one child at a time. */
export class ForkServer {
  readonly kind: Kind;
  /** Children forked so far. */
  forks = 0;
  alive = true;
  /** Settles when the process is gone. */
  readonly ended: Promise<unknown>;
  report!: ForkServerReport;
  private readonly process: ChildProcess;
  private readonly stdin: Writable;
  private readonly decoder = new ReplyDecoder();
  private complaints = '';
  private job: Job | undefined;
  private onReady: ((report: string) => void) | undefined;

  /** Resolves when the jail is closed. @throws PartUnavailable with the interpreter's last words */
  static async start(options: ForkServerOptions): Promise<ForkServer> {
    const server = new ForkServer(options);
    await server.ready(options.python);
    return server;
  }

  private constructor({ python, strongestTier, group, library }: ForkServerOptions) {
    this.kind = { group, library };
    const script = join(PYTHON_DIR, 'zygote.py');
    this.process = spawn(python, ['-P', '-s', '-S', '-B', script, `${strongestTier}`, `${group}`, library], {
      env: { PYTHONHASHSEED: String(group + 1), PYTHONPATH: PYTHON_DIR, ...libraryPath() },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.stdin = this.process.stdin!;
    this.stdin.on('error', () => undefined); // its end is what counts, and is seen below
    (this.process.stdout as Readable).on('data', (chunk: Buffer) => this.receive(chunk));
    (this.process.stderr as Readable).setEncoding('utf8').on('data', (text: string) => {
      this.complaints = (this.complaints + text).slice(-STDERR_CHARS);
    });
    this.process.on('error', (error) => (this.complaints = error.message));
    this.ended = new Promise((resolve) => this.process.once('close', resolve));
    void this.ended.then(() => this.lose());
  }

  /**
   * Forks a child and waits for its end.
   * @throws ServerLost if the fork server died or hung; the signal's reason if it was aborted
   */
  async run(request: ForkRequest, signal?: AbortSignal): Promise<Outcome> {
    signal?.throwIfAborted();
    if (!this.alive) throw new ServerLost('the fork server has ended');
    if (this.job) throw new Error('a fork server runs one child at a time');
    const outcome = new Promise<Outcome>((resolve, reject) => {
      this.job = { request, frames: [], extended: 0, extendedItem: 0, isStarved: false, resolve, reject };
      this.watch(this.job, PREAMBLE_MS);
    });
    const cancel = (): void => void this.stdin.write(CANCEL_REQUEST);
    signal?.addEventListener('abort', cancel, { once: true });
    this.forks += 1;
    this.stdin.write(encodeRequest(request));
    const { frames, end } = await outcome.finally(() => signal?.removeEventListener('abort', cancel));
    signal?.throwIfAborted();
    if (end.cause === Cause.Cancelled) throw new ServerLost('it is stopping');
    if (end.cause === Cause.Killed) throw new ServerLost('its host ended the child');
    return { frames, end };
  }

  /** Ends the process; it ends by itself at the end of its input. */
  async stop(): Promise<void> {
    this.alive = false;
    this.stdin.end();
    const patience = setTimeout(() => this.kill(), STOP_MS);
    await this.ended;
    clearTimeout(patience);
  }

  private async ready(python: string): Promise<void> {
    const report = new Promise<string>((resolve) => (this.onReady = resolve));
    const patience = setTimeout(() => this.kill(), START_MS);
    const text = await Promise.race([report, this.ended.then(() => undefined)]);
    clearTimeout(patience);
    if (text === undefined) {
      const reason = this.lastWords() || `no answer within ${START_MS / 1000} s`;
      throw new PartUnavailable('executor', `${python} cannot start a fork server: ${reason}`);
    }
    this.report = parseReport(text);
  }

  private kill(): void {
    this.alive = false;
    this.process.kill('SIGKILL');
  }

  private receive(chunk: Buffer): void {
    for (const reply of this.decoder.push(chunk)) this.handle(reply);
  }

  private handle(reply: Reply): void {
    if ('ready' in reply) return this.onReady?.(reply.ready);
    const job = this.job;
    if (!job) return;
    if ('overdue' in reply) return this.extend(job, reply.overdue);
    const waitedUs = 1_000 * job.extendedItem;
    if ('frame' in reply) {
      job.frames.push({ ...reply.frame, waitedUs });
      job.extendedItem = 0;
      return this.watch(job, job.request.timeoutMs);
    }
    this.job = undefined;
    clearTimeout(job.watchdog);
    const { end } = reply;
    const cause = job.isStarved && end.cause === Cause.WallClock ? Cause.Starved : end.cause;
    job.resolve({ frames: job.frames.slice(1), end: { ...end, cause, waitedUs } });
  }

  /** Gives the child the time back in which it would have run, had it had a core. */
  private extend(job: Job, { idleMs }: Overdue): void {
    const waited = (waitedForCore(this.process.pid!) ?? 0) - job.extended;
    // What it waited for in items before is not this one's.
    const lost = Math.round(Math.min(waited, idleMs - job.extendedItem));
    const most = MOST_EXTENSION * job.request.timeoutMs - job.extendedItem;
    job.isStarved = lost > most;
    const ms = lost < LEAST_EXTENSION || job.isStarved ? 0 : lost;
    job.extended += ms;
    job.extendedItem += ms;
    this.watch(job, ms);
    this.stdin.write(extendRequest(ms));
  }

  private watch(job: Job, ms: number): void {
    clearTimeout(job.watchdog);
    const watchdog = setTimeout(() => {
      // Where this process itself was stopped, what it has been sent comes first.
      setImmediate(() => setImmediate(() => this.job === job && job.watchdog === watchdog && this.kill()));
    }, ms + GRACE_MS);
    job.watchdog = watchdog;
  }

  private lose(): void {
    this.alive = false;
    if (!this.job) return;
    clearTimeout(this.job.watchdog);
    this.job.reject(new ServerLost(this.lastWords()));
    this.job = undefined;
  }

  /** The exception of a traceback, or all of a short message. */
  private lastWords(): string {
    const lines = this.complaints.trim().split('\n');
    return lines.length > 4 ? lines.at(-1)! : lines.join('; ');
  }
}

/** A fork server died under a child: nobody's fault but ours, and the child can be run again. */
export class ServerLost extends PartUnavailable {
  constructor(reason: string) {
    super('executor', `a fork server was lost${reason ? `: ${reason}` : ''}`);
  }
}

/** Some interpreters do not start without it. */
const libraryPath = (): Record<string, string> => {
  const path = process.env['LD_LIBRARY_PATH'];
  return path === undefined ? {} : { LD_LIBRARY_PATH: path };
};
