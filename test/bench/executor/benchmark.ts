import type { RunSpec } from '../../../src/config/run-spec';
import type { Closers } from '../../../src/control-plane/closers';
import { AzrError } from '../../../src/domain/errors';
import { ExecutorClient } from '../../../src/executor/client';
import { ExecutorProcess } from '../../support/executor/executor-process';
import { BaselineDriver } from './baseline-driver';
import { BaselineSide } from './baseline-side';
import { readPrograms } from './bench-program';
import { measure, type Measurement } from './measure';
import { OurSide } from './our-side';
import { prepare } from './prepare';
import { roundOf, verdictsOf, withLoops, type Round } from './round';
import { measureRounds, spread, warmUp, type Sides } from './rounds';
import { byKey, wrongOf, type ByKey } from './summary';

export interface BenchmarkOptions {
  /** Task file. */
  tasks: string;
  /** Rounds at most. */
  rounds: number;
  seed: number;
  /** Of the baseline with a worker a core. */
  workers: number;
  spec: RunSpec;
}

/** What was measured, not rounded. */
export interface BenchmarkResult {
  /** 1 to 3, of our executor's jail. */
  tier: number;
  workers: number;
  /** Programs of a round. */
  programs: number;
  /** Programs that are no task. */
  leftOut: number;
  measured: MeasuredRounds;
  /** A round of its own, at a limit of LOOP_LIMIT_MS. */
  looped: MeasuredRounds & { loops: number };
  /** Verdicts that are not right, of all rounds. */
  wrong: { ours: number; baseline: number };
  seconds: number;
}

export interface MeasuredRounds {
  rounds: Measurement[];
  /** Of one round. */
  verdicts: ByKey<number>;
}

const LOOP_LIMIT_MS = 1_000;
/** More are not needed, and each has to be tried first. */
const MOST_PROGRAMS = 100;

/** @throws AzrError where the task file has no program for the job, or a part does not start */
export async function runBenchmark(options: BenchmarkOptions, closers: Closers): Promise<BenchmarkResult> {
  const started = performance.now();
  const spent = (): number => (performance.now() - started) / 1000;
  const { seed, rounds: most, spec } = options;
  const given = spread(readPrograms(options.tasks), MOST_PROGRAMS);
  const executor = await ExecutorProcess.start(closers);
  const sidesAt = startBaselines(executor, options, closers);
  const sides = sidesAt(spec.executor.timeoutMs);
  const valid = await prepare(sides[0], given);
  if (valid.length === 0) throw new AzrError('invalid', `${options.tasks}: no program of it makes a task`);
  const programs = await warmUp(sides, valid, seed, spent);
  const rounds = await measureRounds(sides, programs, { seed, most }, spent);
  const { round, loops } = withLoops(roundOf(programs, seed, rounds.length + 1));
  const looped = [await measure(sidesAt(LOOP_LIMIT_MS), round)];
  return {
    tier: await tierOf(executor),
    workers: options.workers,
    programs: programs.length,
    leftOut: given.length - valid.length,
    measured: { rounds, verdicts: verdictsByKey(roundOf(programs, seed, 1)) },
    looped: { rounds: looped, verdicts: verdictsByKey(round), loops },
    wrong: { ours: wrongOf([...rounds, ...looped], 'ours'), baseline: wrongOf([...rounds, ...looped], 'oneWorker') },
    seconds: spent(),
  };
}

/** @returns what is compared, at a limit of one run in milliseconds */
function startBaselines(
  executor: ExecutorProcess,
  { workers, spec }: BenchmarkOptions,
  closers: Closers,
): (limitMs: number) => Sides {
  const drivers = Array.from({ length: workers }, () => closers.add(new BaselineDriver(), (it) => it.stop()));
  return (timeoutMs) => {
    const ours = new OurSide(executor, { ...spec, executor: { ...spec.executor, timeoutMs } });
    closers.add(ours, (it) => it.close());
    const oneWorker = new BaselineSide('oneWorker', drivers.slice(0, 1), timeoutMs);
    return [ours, oneWorker, new BaselineSide('allCores', drivers, timeoutMs)];
  };
}

function verdictsByKey(round: Round): ByKey<number> {
  const verdicts = verdictsOf(round);
  return byKey((key) => verdicts[key]);
}

async function tierOf({ address }: ExecutorProcess): Promise<number> {
  const client = new ExecutorClient(address);
  try {
    return (await client.capabilities()).tier;
  } finally {
    client.close();
  }
}
