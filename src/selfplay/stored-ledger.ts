import type { Rollout } from './episode';
import type { RunObserver, RunStore } from './ports';
import type { RolloutLedger } from './sampler';

/** A ledger over the rollouts that are stored for the step. */
export async function storedLedger(
  runId: string,
  step: number,
  store: RunStore,
  observer: RunObserver,
): Promise<RolloutLedger> {
  const landed = new Map((await store.loadRollouts(runId, step)).map((rollout) => [rollout.key, rollout]));
  return {
    get: (key) => landed.get(key),
    put: async (rollout) => {
      await store.saveRollout(runId, step, rollout);
      observer.responsesLanded(tokensOf(rollout));
    },
  };
}

const tokensOf = ({ completions }: Rollout): number =>
  completions.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);
