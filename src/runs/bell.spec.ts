import { Bell } from './bell';

const FOREVER_MS = 1_000_000;

describe('a bell', () => {
  it('wakes all who wait', async () => {
    const bell = new Bell();
    const waits = [bell.wait(bell.count, FOREVER_MS), bell.wait(bell.count, FOREVER_MS)];
    bell.ring();
    expect(await Promise.all(waits)).toEqual([undefined, undefined]);
  });

  it('does not let a ring between a look and a wait be missed', async () => {
    const bell = new Bell();
    const { count } = bell;
    bell.ring();
    await bell.wait(count, FOREVER_MS);
    expect(bell.count).toBe(count + 1);
  });

  it('does not keep those waiting whose time is up, or who are not interested any more', async () => {
    const bell = new Bell();
    await bell.wait(bell.count, 1);
    const gone = new AbortController();
    const waiting = bell.wait(bell.count, FOREVER_MS, gone.signal);
    gone.abort();
    await waiting;
    await bell.wait(bell.count, FOREVER_MS, gone.signal);
    expect(bell.count).toBe(0);
  });
});
