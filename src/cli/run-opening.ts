import { leaves } from '../config/setting-paths';
import { refuseChangedSettings, SERVERS } from '../config/changed-settings';
import type { NamedSettings } from '../config/resolve-spec';
import type { RunSpec } from '../config/run-spec';
import type { Grant, RunRecord } from '../runs/ports';
import { runOf } from '../runs/run-record';
import type { Runs } from '../runs/runs';

/** What a call spends unless it says otherwise. */
const DEFAULT_SECONDS = 10 * 60;
/** With less of a default budget left than this, a call gets another one. */
const WORTH_GOING_ON_SECONDS = 60;

export interface Wanted {
  spec: RunSpec;
  /** What was set by name. */
  named: NamedSettings;
  /** The preset, where it was named. */
  preset?: string;
  beginNew: boolean;
  /** Further steps and minutes, where they were given. */
  steps?: number;
  minutes?: number;
}

/** The newest run, if it may go on with what is wanted; or a new one. It is queued either way. */
export async function openRun(runs: Runs, wanted: Wanted): Promise<RunRecord> {
  const latest = await runs.latest();
  if (!latest || wanted.beginNew || neverBegan(latest)) {
    const run = await runs.create({ spec: wanted.spec, budget: grantOf(wanted) });
    // Nobody waits for the old one any more; a server that took it up would train unasked.
    if (latest) await runs.stop(latest.id);
    return run;
  }
  const { spec } = runOf(latest);
  refuseChangedSettings(spec, wanted.preset === undefined ? wanted.named : new Map(leaves(wanted.spec)));
  const servers = wanted.named.has(SERVERS) ? wanted.spec.rollout.servers : undefined;
  return runs.resume(latest.id, grantOf(wanted, latest), servers);
}

/** It has no tasks yet, and its settings may be why. */
const neverBegan = ({ state, step }: RunRecord): boolean => step === 0 && (state === 'pending' || state === 'failed');

/**
 * A call without a budget of its own gets ten minutes, or goes on with what an interrupted one has left of them. Other
 * calls leave that as it is.
 */
export function grantOf({ steps, minutes }: Pick<Wanted, 'steps' | 'minutes'>, latest?: RunRecord): Grant {
  const left = latest ? leftOfDefault(latest) : 0;
  if (steps === undefined && minutes === undefined) {
    return { seconds: left > WORTH_GOING_ON_SECONDS ? left : DEFAULT_SECONDS };
  }
  return {
    ...(steps !== undefined && { steps }),
    ...(minutes !== undefined && { seconds: minutes * 60 }),
    setAside: left,
  };
}

const leftOfDefault = ({ state, budget, spentSeconds }: RunRecord): number =>
  state === 'finished' ? 0 : (budget.setAside ?? (budget.seconds ?? 0) - spentSeconds);
