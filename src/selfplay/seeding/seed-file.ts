import type { RefusedLine, TaskRow } from '../task-row';

/** What a seed file holds, read but not verified. */
export interface SeedFile {
  /** What a person calls it. */
  name: string;
  rows: readonly TaskRow[];
  refused: readonly RefusedLine[];
}

/** The file that a run names, and the one that ships. */
export interface SeedFiles {
  chosen: SeedFile;
  shipped: SeedFile;
}
