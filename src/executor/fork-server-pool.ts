import { PartUnavailable } from '../domain/errors';
import type { ForkServer } from './fork-server';

/** Forks after which a fork server is replaced by a fresh one. */
const RECYCLE_AFTER = 10_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

const STOPPING = new PartUnavailable('executor', 'the executor is stopping');

interface Waiter {
  group: number | undefined;
  resolve: (server: ForkServer) => void;
  reject: (error: Error) => void;
}

/** Lends fork servers to one user at a time, in the order of asking, and replaces those that end. */
export class ForkServerPool {
  private readonly members = new Set<ForkServer>();
  private readonly starting = new Set<Promise<void>>();
  private readonly retries = new Set<NodeJS.Timeout>();
  private idle: ForkServer[] = [];
  private waiting: Waiter[] = [];
  private stopped = false;

  constructor(private readonly startServer: (group: number) => Promise<ForkServer>) {}

  /** Starts one more fork server. @throws what starting it threw */
  add(group: number): Promise<void> {
    const added = this.startMember(group).finally(() => this.starting.delete(added));
    this.starting.add(added);
    return added;
  }

  /**
   * @param group undefined for any
   * @throws PartUnavailable if none of the group can be started; the signal's reason if it was aborted
   */
  async use<T>(
    group: number | undefined,
    signal: AbortSignal | undefined,
    work: (server: ForkServer) => Promise<T>,
  ): Promise<T> {
    const server = await this.borrow(group, signal);
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

  private borrow(group: number | undefined, signal?: AbortSignal): Promise<ForkServer> {
    signal?.throwIfAborted();
    if (this.stopped) throw STOPPING;
    const at = this.idle.findIndex((server) => group === undefined || server.group === group);
    if (at >= 0) return Promise.resolve(this.idle.splice(at, 1)[0]!);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { group, resolve: (server) => (forget(), resolve(server)), reject };
      const leave = (): void => this.refuse((other) => other === waiter, signal!.reason as Error);
      const forget = (): void => signal?.removeEventListener('abort', leave);
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
    });
  }

  private give(server: ForkServer): void {
    if (!server.alive || this.stopped) return;
    if (server.forks >= RECYCLE_AFTER) return void server.stop();
    const at = this.waiting.findIndex(({ group }) => group === undefined || group === server.group);
    if (at < 0) this.idle.push(server);
    else this.waiting.splice(at, 1)[0]!.resolve(server);
  }

  private async startMember(group: number): Promise<void> {
    const server = await this.startServer(group);
    if (!this.stopped) return this.join(server);
    await server.stop();
    throw STOPPING;
  }

  private join(server: ForkServer): void {
    this.members.add(server);
    void server.ended.then(() => {
      this.members.delete(server);
      this.idle = this.idle.filter((other) => other !== server);
      this.replace(server.group, 0);
    });
    this.give(server);
  }

  private replace(group: number, failures: number): void {
    if (this.stopped) return;
    this.add(group).catch((error: Error) => this.retry(group, failures, error));
  }

  private retry(group: number, failures: number, error: Error): void {
    if (this.stopped) return;
    if (![...this.members].some((server) => server.group === group)) {
      this.refuse((waiter) => waiter.group === group || this.members.size === 0, error);
    }
    const delay = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
    const timer = setTimeout(() => {
      this.retries.delete(timer);
      this.replace(group, failures + 1);
    }, delay);
    this.retries.add(timer);
  }

  private refuse(which: (waiter: Waiter) => boolean, error: Error): void {
    const refused = this.waiting.filter(which);
    this.waiting = this.waiting.filter((waiter) => !which(waiter));
    for (const { reject } of refused) reject(error);
  }
}
