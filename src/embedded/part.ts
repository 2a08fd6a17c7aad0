import type { ChildDied } from './child-died';

/** A process that its owner answers for. */
export interface Part {
  readonly pid: number | undefined;
  /** Calls `callback` if it ends without having been asked to. */
  onDeath(callback: (death: ChildDied) => void): void;
  /** Never rejects. */
  stop(graceMs: number): Promise<void>;
}

/** A part on its way to being usable. */
export interface StartingPart {
  child: Part;
  /** The address that it can be reached at. Rejects with ChildDied or ChildNotReady. */
  ready: Promise<string>;
}
