import type { RunSpec } from '../config/run-spec';
import { advantagesOf, shuffledRewards } from '../domain/advantage';
import { tallyOf } from '../domain/count';
import { estimatedRate } from '../domain/curriculum/estimation';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import { proposerRewards, type ProposalOutcome } from '../domain/reward/score-proposals';
import { Random } from '../domain/random/random';
import { solverReward } from '../domain/reward/composite';
import { goldAnswer } from '../domain/task/gold-answer';
import type { Task, TaskType } from '../domain/task/task';
import type { Episode } from './episode';
import type { Answer } from './estimate';
import type { Attempt, Played } from './step-player';
import type { Solved } from './solve';

/** Rewards and advantages of everything that a step generated (AZR Eq. 4 to 6, section 3.3.5). */
export function episodesOf({ attempts, solved }: Played, step: number, buffer: TaskBuffer, spec: RunSpec): Episode[] {
  const rewards = proposerRewards(outcomesOf(attempts, buffer, spec), spec.proposer);
  const episodes = [
    ...attempts.map((attempt, i) => proposerEpisode(attempt, rewards[i]!, spec)),
    ...attempts.flatMap((attempt) => estimateEpisodes(attempt, spec)),
    ...solved.map((it) => solverEpisode(it, spec)),
  ];
  return withAdvantages(episodes, step, spec);
}

/** What each proposal is rewarded by. */
function outcomesOf(attempts: readonly Attempt[], buffer: TaskBuffer, spec: RunSpec): ProposalOutcome[] {
  const known = new KnownAnswers(buffer);
  return attempts.map(({ validation, estimate, shown }): ProposalOutcome => {
    if (validation.outcome !== 'accepted') return validation;
    const { task, metrics } = validation;
    const { solveRate } = estimate!;
    return {
      outcome: 'accepted',
      proposal: {
        ...{ type: task.type, program: task.program, answer: answerText(task), metrics, references: shown },
        ...{ solveRate, estimate: estimatedRate(solveRate, spec.solver.estimation) },
        get knownAnswers() {
          return known.ofType(task.type);
        },
      },
    };
  });
}

/** How often each answer stands in the buffer; counted only for rewards that ask for it, once a type. */
class KnownAnswers {
  private readonly counts = new Map<TaskType, ReadonlyMap<string, number>>();

  constructor(private readonly buffer: TaskBuffer) {}

  ofType(type: TaskType): ReadonlyMap<string, number> {
    const counts = this.counts.get(type) ?? tallyOf(this.buffer.ofType(type).map(answerText));
    this.counts.set(type, counts);
    return counts;
  }
}

/** What tells a task's answer from another's: for induction the pairs, since many programs give them. */
const answerText = (task: Task): string => (task.type === 'induction' ? JSON.stringify(task.pairs) : goldAnswer(task));

function proposerEpisode({ plan, rollout, validation, estimate }: Attempt, reward: number, spec: RunSpec): Episode {
  return {
    key: rollout.key,
    purpose: 'propose',
    role: 'proposer',
    type: plan.type,
    prompt: rollout.prompt,
    promptTokenIds: rollout.promptTokenIds,
    completion: rollout.completions[0]!,
    outcome: validation.outcome,
    ...(validation.outcome === 'accepted'
      ? { taskId: validation.task.id, solveRate: estimate!.solveRate.rate }
      : { reason: validation.reason, detail: validation.detail }),
    reward,
    trained: spec.proposer.lossWeight > 0,
    advantage: 0,
  };
}

const estimateEpisodes = ({ plan, estimate }: Attempt, spec: RunSpec): Episode[] =>
  (estimate?.answers ?? []).map((answer, i) => ({
    ...answerEpisode(estimate!.task, answer, spec),
    key: `estimate/${plan.index}/${i}`,
    purpose: 'estimate',
    trained: spec.solver.batch === 'estimates' && spec.solver.lossWeight > 0,
  }));

const solverEpisode = ({ plan, task, answer }: Solved, spec: RunSpec): Episode => ({
  ...answerEpisode(task, answer, spec),
  key: `solve/${plan.index}`,
  purpose: 'solve',
  trained: spec.solver.lossWeight > 0,
});

function answerEpisode(
  task: Task,
  { prompt, promptTokenIds, completion, verdict }: Answer,
  spec: RunSpec,
): Omit<Episode, 'key' | 'purpose' | 'trained'> {
  const reward = solverReward(verdict, spec.solver);
  return {
    ...{ role: 'solver', type: task.type, taskId: task.id, prompt, promptTokenIds, completion },
    ...verdict,
    reward,
    advantage: 0,
  };
}

/** Advantages of what is trained on; the rest does not count towards a baseline. */
function withAdvantages(episodes: readonly Episode[], step: number, { advantage, seed }: RunSpec): Episode[] {
  const trained = episodes.filter((episode) => episode.trained);
  const rewarded = trained.map(({ key, role, type, reward, completion }) => ({
    ...{ role, type, reward, group: promptOf(key), length: completion.tokenIds.length },
  }));
  const compared = advantage.shuffled ? shuffledRewards(rewarded, new Random(seed, step, 'rewards')) : rewarded;
  const advantages = advantagesOf(compared, advantage.estimator, advantage.weighting);
  const byKey = new Map(trained.map(({ key }, i) => [key, advantages[i]!]));
  return episodes.map((episode) => ({ ...episode, advantage: byKey.get(episode.key) ?? 0 }));
}

/** `estimate/3/0` and `estimate/3/1` are samples of one prompt. */
const promptOf = (key: string): string => key.split('/').slice(0, 2).join('/');
