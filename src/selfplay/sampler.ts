import type { RolloutSpec } from '../config/run-spec';
import type { Completion, Rollout } from './episode';
import type { RolloutPool, SampleRequest } from './ports';

/** Where rollouts of a step that are already there come from, and where new ones go. */
export interface RolloutLedger {
  get(key: string): Rollout | undefined;
  put(rollout: Rollout): Promise<void>;
}

/** Samples the policy once for each key: what has landed before is not asked for again. */
export class Sampler {
  constructor(
    private readonly pool: RolloutPool,
    private readonly settings: RolloutSpec,
    private readonly stop: readonly string[],
    private readonly ledger: RolloutLedger,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws PromptTooLong */
  async sample(request: Pick<SampleRequest, 'key' | 'prompt' | 'samples' | 'seed'>): Promise<Rollout> {
    const landed = this.ledger.get(request.key);
    // Another prompt under the key is one that did not fit before the one that landed.
    if (landed?.prompt === request.prompt) return landed;
    const { temperature, topP, maxTokens } = this.settings;
    const rollout = await this.pool.sample({ ...request, temperature, topP, maxTokens, stop: this.stop }, this.signal);
    await this.ledger.put(rollout);
    return rollout;
  }
}

/** What a verdict is given on. */
export const responseOf = ({ text, finished }: Completion): { text: string; finished: boolean } => ({ text, finished });
