import { randomBytes } from 'node:crypto';
import { leaves, type NamedSettings } from '../config/resolve-spec';
import { refuseChangedSettings } from '../config/changed-settings';
import type { RunSpec } from '../config/run-spec';
import type { Run, RunStore } from '../selfplay/ports';

export interface Wanted {
  spec: RunSpec;
  /** What was set by name. */
  named: NamedSettings;
  /** The preset, where it was named. */
  preset?: string;
  beginNew: boolean;
}

/** The newest run, if it may go on with what is wanted; or a new one, not stored yet. */
export async function openRun(store: RunStore, wanted: Wanted): Promise<{ run: Run; isNew: boolean }> {
  const latest = wanted.beginNew ? undefined : await store.latest();
  if (latest) {
    refuseChangedSettings(latest.spec, wanted.preset === undefined ? wanted.named : new Map(leaves(wanted.spec)));
    return { run: latest, isNew: false };
  }
  return { run: { id: runId(), spec: wanted.spec, state: 'running', step: 0, spentSeconds: 0 }, isNew: true };
}

/** Sorts by time: `20260131-154500-a1b2`. */
const runId = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`;
