import { wilsonInterval, type SolveRate } from '../domain/curriculum/solve-rate';
import type { TaskType } from '../domain/task/task';
import type { EvaluationResult } from '../selfplay/evaluation-result';
import type { RunSummary } from '../selfplay/run-summary';

/**
 * What a call did, as one JSON object. By type: the run's own types. Solve rates are 0 … 1, null where nothing was
 * sampled.
 * @param written where a page about the run and its metrics lie; null in what is returned where they were not written
 */
export function reportJson(
  summary: RunSummary,
  wallSeconds: number,
  written?: { page: string; metrics: string },
): object {
  const { types, heldOut, samples: _, exported, ...rest } = summary;
  const ofTypes = <T>(values: Record<TaskType, T>): Partial<Record<TaskType, T>> =>
    byTypes(types, (type) => values[type]);
  return {
    ...rest,
    types,
    tasks: ofTypes(summary.tasks),
    solveRate: byTypes(types, (type) => rateOf(summary.solveRate[type])),
    rewards: { proposer: ofTypes(summary.rewards.proposer), solver: ofTypes(summary.rewards.solver) },
    sequences: { proposer: ofTypes(summary.sequences.proposer), solver: ofTypes(summary.sequences.solver) },
    heldOut: evaluations(heldOut, (result) => byTypes(types, (type) => rateOf(result?.solveRate[type]))),
    heldOutIntervals: evaluations(heldOut, (result) => byTypes(types, (type) => intervalOf(result?.solveRate[type]))),
    benchmarks: evaluations(heldOut, (result) => ratesOf(result?.benchmarks ?? {})),
    evaluations: heldOut.between.map(({ policyVersion, solveRate, benchmarks: of }) => ({
      policyVersion,
      solveRate: byTypes(types, (type) => rateOf(solveRate[type])),
      benchmarks: ratesOf(of),
    })),
    wallSeconds,
    policy: exported,
    report: written?.page ?? null,
    metrics: written?.metrics ?? null,
  };
}

const byTypes = <T>(types: readonly TaskType[], of: (type: TaskType) => T): Partial<Record<TaskType, T>> =>
  Object.fromEntries(types.map((type) => [type, of(type)]));

const evaluations = <T>(
  { before, after }: RunSummary['heldOut'],
  of: (result: EvaluationResult | undefined) => T,
): { before: T; after: T } => ({ before: of(before), after: of(after) });

const ratesOf = (rates: Record<string, SolveRate>): Record<string, number | null> =>
  Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, rateOf(rate)]));

const rateOf = (rate?: SolveRate): number | null => (rate && rate.samples > 0 ? rate.rate : null);

function intervalOf(rate?: SolveRate): [number, number] | null {
  if (!rate || rate.samples === 0) return null;
  const { low, high } = wilsonInterval(rate);
  return [low, high];
}
