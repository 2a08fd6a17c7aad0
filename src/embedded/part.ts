import type { OwnedChild } from './owned-child';

/** A child on its way to being usable. */
export interface StartingPart {
  child: OwnedChild;
  /** The address that it can be reached at. Rejects with ChildDied or ChildNotReady. */
  ready: Promise<string>;
}
