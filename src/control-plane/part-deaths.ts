import { setTimeout as delay } from 'node:timers/promises';
import { PartUnavailable } from '../domain/errors';
import type { ChildDied } from '../embedded/child-died';

/** How long after a part stops answering the news of its death may take. */
const NOTICE_MS = 1_000;

/** Deaths of some parts. */
export class PartDeaths {
  /** Rejects when the first of them ends without having been asked to. */
  readonly first: Promise<never>;
  private reject!: (death: ChildDied) => void;

  constructor() {
    this.first = new Promise((_, reject) => (this.reject = reject));
    this.first.catch(() => undefined);
  }

  readonly report = (death: ChildDied): void => this.reject(death);

  /** Work that needs the parts. One that died is the cause of whatever does not answer any more. */
  async explain<T>(work: Promise<T>): Promise<T> {
    const explained = work.catch(async (error: unknown) => {
      if (error instanceof PartUnavailable) await Promise.race([this.first, delay(NOTICE_MS)]);
      throw error;
    });
    explained.catch(() => undefined);
    return Promise.race([explained, this.first]);
  }
}
