import { PartUnavailable } from '../domain/errors';
import type { ForkServer, Kind, Library } from './fork-server';

/** Forks after which a fork server is replaced by a fresh one. */
const RECYCLE_AFTER = 10_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

const STOPPING = new PartUnavailable('executor', 'the executor is stopping');

/** A kind of fork server; of any group where none is named. */
export interface Wanted {
  group?: number;
  library: Library;
}

const suits = ({ group, library }: Wanted, kind: Kind): boolean =>
  library === kind.library && (group === undefined || group === kind.group);

const nameOf = ({ group, library }: Kind): string => `${group} ${library}`;

interface Waiter {
  wanted: Wanted;
  resolve: (server: ForkServer) => void;
  reject: (error: Error) => void;
}

/** Lends fork servers to one user at a time, in the order of asking, and replaces those that end. */
export class ForkServerPool {
  private readonly members = new Set<ForkServer>();
  /** What has ever been started. */
  private readonly kinds = new Set<string>();
  private readonly starting = new Set<Promise<void>>();
  private readonly retries = new Set<NodeJS.Timeout>();
  private idle: ForkServer[] = [];
  private waiting: Waiter[] = [];
  private stopped = false;

  constructor(private readonly startServer: (kind: Kind) => Promise<ForkServer>) {}

  /** Starts one more fork server. @throws what starting it threw */
  add(kind: Kind): Promise<void> {
    this.kinds.add(nameOf(kind));
    const added = this.startMember(kind).finally(() => this.starting.delete(added));
    this.starting.add(added);
    return added;
  }

  /**
   * The first to ask for a group that is not there has it started.
   * @throws PartUnavailable if none of the kind can be started; the signal's reason if it was aborted
   */
  async use<T>(wanted: Wanted, signal: AbortSignal | undefined, work: (server: ForkServer) => Promise<T>): Promise<T> {
    const server = await this.borrow(wanted, signal);
    try {
      return await work(server);
    } finally {
      this.give(server);
    }
  }

  /** Ends every fork server and what runs in it. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.retries.forEach(clearTimeout);
    this.refuse(() => true, STOPPING);
    await Promise.allSettled(this.starting);
    await Promise.all([...this.members].map((server) => server.stop()));
  }

  private borrow(wanted: Wanted, signal?: AbortSignal): Promise<ForkServer> {
    signal?.throwIfAborted();
    if (this.stopped) throw STOPPING;
    const { group, library } = wanted;
    if (group !== undefined && !this.kinds.has(nameOf({ group, library }))) this.replace({ group, library }, 0);
    const at = this.idle.findIndex(({ kind }) => suits(wanted, kind));
    if (at >= 0) return Promise.resolve(this.idle.splice(at, 1)[0]!);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { wanted, resolve: (server) => (forget(), resolve(server)), reject };
      const leave = (): void => this.refuse((other) => other === waiter, signal!.reason as Error);
      const forget = (): void => signal?.removeEventListener('abort', leave);
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
    });
  }

  private give(server: ForkServer): void {
    if (!server.alive || this.stopped) return;
    if (server.forks >= RECYCLE_AFTER) return void server.stop();
    const at = this.waiting.findIndex(({ wanted }) => suits(wanted, server.kind));
    if (at < 0) this.idle.push(server);
    else this.waiting.splice(at, 1)[0]!.resolve(server);
  }

  private async startMember(kind: Kind): Promise<void> {
    const server = await this.startServer(kind);
    if (!this.stopped) return this.join(server);
    await server.stop();
    throw STOPPING;
  }

  private join(server: ForkServer): void {
    this.members.add(server);
    void server.ended.then(() => {
      this.members.delete(server);
      this.idle = this.idle.filter((other) => other !== server);
      this.replace(server.kind, 0);
    });
    this.give(server);
  }

  private replace(kind: Kind, failures: number): void {
    if (this.stopped) return;
    this.add(kind).catch((error: Error) => this.retry(kind, failures, error));
  }

  private retry(kind: Kind, failures: number, error: Error): void {
    if (this.stopped) return;
    const members = [...this.members];
    this.refuse(({ wanted }) => suits(wanted, kind) && !members.some((server) => suits(wanted, server.kind)), error);
    const delay = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
    const timer = setTimeout(() => {
      this.retries.delete(timer);
      this.replace(kind, failures + 1);
    }, delay);
    this.retries.add(timer);
  }

  private refuse(which: (waiter: Waiter) => boolean, error: Error): void {
    const refused = this.waiting.filter(which);
    this.waiting = this.waiting.filter((waiter) => !which(waiter));
    for (const { reject } of refused) reject(error);
  }
}
