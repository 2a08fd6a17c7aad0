import { PartUnavailable } from '../domain/errors';
import type { ForkServer, Kind } from './fork-server';
import { ForkServerPool, type Wanted } from './fork-server-pool';

/** A fork server without a process. */
class FakeServer {
  alive = true;
  forks = 0;
  private leave!: () => void;
  readonly ended = new Promise<void>((resolve) => (this.leave = resolve));

  constructor(
    readonly kind: Kind,
    readonly name: string,
  ) {}

  stop(): Promise<void> {
    this.alive = false;
    this.leave();
    return this.ended;
  }
}

const library = 'none';
const inGroup = (group?: number): Wanted => ({ ...(group !== undefined && { group }), library });

/** A pool that starts fakes named `a0`, `b1`, … after their order and group. */
async function poolOf(groups: number[], fail: () => boolean = () => false) {
  const started: FakeServer[] = [];
  const pool = new ForkServerPool((kind) => {
    if (fail()) return Promise.reject(new PartUnavailable('executor', 'it does not start'));
    const server = new FakeServer(kind, `${'abcdefgh'[started.length]}${kind.group}`);
    started.push(server);
    return Promise.resolve(server as unknown as ForkServer);
  });
  for (const group of groups) await pool.add({ group, library });
  return { pool, started };
}

const nameOf = (server: ForkServer): string => (server as unknown as FakeServer).name;
const name = (server: ForkServer): Promise<string> => Promise.resolve(nameOf(server));

/** Borrows until it is released. */
function hold(pool: ForkServerPool, group: number | undefined): { name: Promise<string>; release: () => void } {
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const borrowed = new Promise<string>((resolve, reject) => {
    pool.use(inGroup(group), undefined, async (server) => (resolve(nameOf(server)), released)).catch(reject);
  });
  return { name: borrowed, release };
}

describe('the pool of fork servers', () => {
  it('starts a group that is not there for the first who asks for it, once', async () => {
    const { pool, started } = await poolOf([0]);
    const names = await Promise.all([pool.use(inGroup(5), undefined, name), pool.use(inGroup(5), undefined, name)]);
    expect(names).toEqual(['b5', 'b5']);
    expect(started).toHaveLength(2);
  });

  it('lends each to one user at a time, in the order of asking', async () => {
    const { pool } = await poolOf([0, 1]);
    const first = hold(pool, 1);
    const second = hold(pool, 1);
    const third = hold(pool, undefined);
    expect([await first.name, await third.name]).toEqual(['b1', 'a0']);
    const fourth = hold(pool, undefined);
    first.release();
    expect(await second.name).toBe('b1');
    third.release();
    expect(await fourth.name).toBe('a0');
    second.release();
    fourth.release();
    await pool.stop();
  });

  it('forgets who goes away', async () => {
    const { pool } = await poolOf([0]);
    const held = hold(pool, 0);
    const controller = new AbortController();
    const waiting = pool.use(inGroup(0), controller.signal, name);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(pool.use(inGroup(0), controller.signal, name)).rejects.toThrow('enough');
    held.release();
    expect(await pool.use(inGroup(0), undefined, name)).toBe('a0');
    await pool.stop();
  });

  it('replaces one that ended, and one that was used up', async () => {
    const { pool, started } = await poolOf([1]);
    await pool.use(inGroup(1), undefined, () => started[0]!.stop());
    expect(await pool.use(inGroup(1), undefined, name)).toBe('b1');
    started[1]!.forks = 10_000;
    await pool.use(inGroup(1), undefined, name);
    expect(await pool.use(inGroup(1), undefined, name)).toBe('c1');
    await pool.stop();
  });

  it('keeps nobody waiting for a group that does not start, and tries on', async () => {
    let broken = false;
    const { pool, started } = await poolOf([0, 1], () => broken);
    broken = true;
    await started[1]!.stop();
    await expect(pool.use(inGroup(1), undefined, name)).rejects.toThrow('it does not start');
    expect(await pool.use(inGroup(), undefined, name)).toBe('a0');
    broken = false;
    expect(await pool.use(inGroup(1), undefined, name)).toBe('c1');
    await pool.stop();
  });

  it('turns everyone away once it stops', async () => {
    const { pool, started } = await poolOf([0]);
    const held = hold(pool, 0);
    await held.name;
    const waiting = pool.use(inGroup(0), undefined, name);
    const stopped = pool.stop();
    await expect(waiting).rejects.toThrow('stopping');
    await expect(pool.use(inGroup(0), undefined, name)).rejects.toThrow('stopping');
    held.release();
    await stopped;
    expect(started.map(({ alive }) => alive)).toEqual([false]);
  });
});
