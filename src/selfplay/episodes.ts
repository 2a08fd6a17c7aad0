import type { RunSpec } from '../config/run-spec';
import { taskRelativeAdvantages } from '../domain/advantage/task-relative';
import { proposerReward, solverReward } from '../domain/reward/composite';
import { solveRate } from '../domain/curriculum/solve-rate';
import type { Episode } from './episode';
import type { Attempt } from './roll-out';

/** Rewards and advantages of everything that the attempts generated (AZR Eq. 4–6, section 3.3.5). */
export function episodesOf(attempts: readonly Attempt[], spec: RunSpec): Episode[] {
  const rewarded = attempts.flatMap((attempt) => [proposerEpisode(attempt, spec), ...solverEpisodes(attempt, spec)]);
  const advantages = taskRelativeAdvantages(
    rewarded.map(({ role, type, reward, completion }) => ({ role, type, reward, length: completion.tokenIds.length })),
    spec.advantage.weighting,
  );
  return rewarded.map((episode, i) => ({ ...episode, advantage: advantages[i]! }));
}

/** Mean of the samples of an attempt's task: r̄ of Eq. 4; 0 where the proposal was no task. */
const rateOf = ({ solved }: Attempt): number =>
  solved ? solveRate(correctOf(solved.verdicts), solved.verdicts.length).rate : 0;

const correctOf = (verdicts: readonly { outcome: string }[]): number =>
  verdicts.filter(({ outcome }) => outcome === 'correct').length;

function proposerEpisode(attempt: Attempt, spec: RunSpec): Episode {
  const { plan, proposed, validation } = attempt;
  const rate = rateOf(attempt);
  return {
    key: proposed.key,
    role: 'proposer',
    type: plan.type,
    prompt: proposed.prompt,
    promptTokenIds: proposed.promptTokenIds,
    completion: proposed.completions[0]!,
    ...(validation.outcome === 'accepted'
      ? { taskId: validation.task.id, outcome: validation.outcome, solveRate: rate }
      : validation),
    reward: proposerReward(validation, rate, spec.proposer),
    advantage: 0,
  };
}

function solverEpisodes({ plan, solved }: Attempt, spec: RunSpec): Episode[] {
  if (!solved) return [];
  const { task, rollout, verdicts } = solved;
  return rollout.completions.map((completion, i) => ({
    key: `${rollout.key}/${i}`,
    role: 'solver',
    type: plan.type,
    taskId: task.id,
    prompt: rollout.prompt,
    promptTokenIds: rollout.promptTokenIds,
    completion,
    ...verdicts[i]!,
    reward: solverReward(verdicts[i]!, spec.solver),
    advantage: 0,
  }));
}
