import type { ChildDied } from './child-died';
import type { OwnedChild } from './owned-child';
import type { Part } from './part';

/** A life shorter than this counts against the child. */
const SHORT_LIFE_MS = 10_000;
const MOST_SHORT_LIVES = 5;

/**
 * A child that is started again, at the same address, when it ends by itself: for a part that holds no state. It is
 * given up, which is its death, after several short lives in a row, or when it never was ready.
 */
export class KeptChild implements Part {
  private child: OwnedChild;
  private readonly mourners: ((death: ChildDied) => void)[] = [];
  private wasReady = false;
  private isStopping = false;
  private shortLives = 0;

  /** @param launch starts a life; it throws when there is to be none */
  constructor(private readonly launch: () => OwnedChild) {
    this.child = this.live();
  }

  /** Of its present life. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** As of `OwnedChild`, of its first life. */
  async ready<T extends object>(timeoutMs: number): Promise<T> {
    const said = await this.child.ready<T>(timeoutMs);
    this.wasReady = true;
    return said;
  }

  /** Calls `callback` when it is given up. */
  onDeath(callback: (death: ChildDied) => void): void {
    this.mourners.push(callback);
  }

  /** As of `OwnedChild`. */
  stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    return this.child.stop(graceMs);
  }

  private live(): OwnedChild {
    const born = performance.now();
    const child = this.launch();
    child.onDeath((death) => this.goOn(death, performance.now() - born));
    return child;
  }

  private goOn(death: ChildDied, livedMs: number): void {
    this.shortLives = livedMs < SHORT_LIFE_MS ? this.shortLives + 1 : 0;
    if (!this.wasReady || this.shortLives > MOST_SHORT_LIVES) return this.giveUp(death);
    if (this.isStopping) return;
    try {
      this.child = this.live();
    } catch {
      this.giveUp(death);
    }
  }

  private giveUp(death: ChildDied): void {
    for (const mourn of this.mourners) mourn(death);
  }
}
