import { availableParallelism } from 'node:os';
import type { Closers } from '../../src/control-plane/closers';
import { Random } from '../../src/domain/random/random';
import { ExecutorClient } from '../../src/executor/client';
import { RunMode } from '../../src/generated/azr/v1/executor';
import { ExecutorProcess } from '../support/executor/executor-process';
import { childrenOf } from '../support/process-tree';
import { eventually, killIfThere } from '../support/processes';
import { expectationOf } from './expectation';
import { growthOf, holdingsOf, type Holdings } from './growth';
import { emptyTally, Lanes, type Tally } from './lanes';
import { outcomesOf } from './oracle';
import { ordinaryPrograms } from './ordinary-programs';
import { EVERY_MODE, planOf, type KnownProgram, type PlannedCall } from './plan';

export interface SoakOptions {
  /** Inputs that are run; canaries come on top. */
  executions: number;
  seed: number;
  /** Pauses in which the executor is measured at rest, four at least. */
  pauses: number;
}

export interface SoakResult extends Tally {
  seed: number;
  /** Fork servers that were killed. */
  killed: number;
  /** Executors that had to be started in the place of one that ended. */
  restarts: number;
  /** From the first quarter to the last. */
  growth: Holdings;
  /** After the last execution. */
  held: Holdings;
  seconds: number;
  passed: boolean;
}

/** Lanes a core: fewer than calls that the executor takes, more than its fork servers. */
const LANES_A_CORE = 4;
const REST_MS = 20_000;
/**
 * Nothing grows by a process or a descriptor. Memory: V8 takes some 9 MiB while it warms up, 3 to 7 of them between the
 * medians of the quarters of a full run, where a leak of 1 KiB an execution is 15.
 */
const MOST_GROWTH: Holdings = { processes: 0, descriptors: 0, residentMiB: 12 };

/** Loads an executor of its own with everything at once: are its answers right, and does it stay as it is? */
export async function runSoak({ executions, seed, pauses }: SoakOptions, closers: Closers): Promise<SoakResult> {
  const started = performance.now();
  const random = new Random(seed, 'soak');
  const calls = planOf(await knownPrograms(random, closers), executions, random);
  const executor = await ExecutorProcess.start(closers);
  const client = closers.add(new ExecutorClient(executor.address), (it) => it.close());
  const tally = emptyTally();
  const lanes = new Lanes(client, LANES_A_CORE * availableParallelism(), tally);
  await client.capabilities(); // from here on the connection is held
  const idle = holdingsOf(executor.pid);
  const samples: Holdings[] = [];
  const supervisors = new Set([executor.pid]);
  let killed = 0;
  for (const part of partsOf(calls, pauses)) {
    await lanes.play(part, () => (killed += killForkServer(executor.pid, random)));
    supervisors.add(executor.pid);
    // A fork server that was killed is replaced, and opens files while it starts; whatever else is left is growth.
    await eventually(() => isAtRest(holdingsOf(executor.pid), idle), REST_MS);
    samples.push(holdingsOf(executor.pid));
  }
  const growth = growthOf(samples);
  const seconds = (performance.now() - started) / 1000;
  const restarts = supervisors.size - 1;
  const result = { ...tally, seed, killed, restarts, growth, held: samples.at(-1)!, seconds };
  return { ...result, passed: restarts === 0 && hasPassed(tally, growth) };
}

const isAtRest = (now: Holdings, idle: Holdings): boolean =>
  now.processes === idle.processes && now.descriptors <= idle.descriptors;

async function knownPrograms(random: Random, closers: Closers): Promise<KnownProgram[]> {
  const programs = ordinaryPrograms(random);
  const outcomes = await outcomesOf(
    programs.map(({ text, inputs }) => [text, inputs] as const),
    closers,
  );
  return programs.map(({ text, inputs, keepsState }, i) => ({
    text,
    inputs: inputs.map((input, j) => ({ text: input, expected: expectationOf(outcomes[i]![j]!) })),
    runModes: keepsState ? [RunMode.RUN_MODE_ONCE] : EVERY_MODE,
  }));
}

function partsOf(calls: readonly PlannedCall[], count: number): PlannedCall[][] {
  const size = Math.ceil(calls.length / count);
  return Array.from({ length: count }, (_, i) => calls.slice(i * size, (i + 1) * size));
}

/** Its own children die with it, and so does what it runs. @returns how many were killed, 1 or 0 */
function killForkServer(supervisor: number, random: Random): number {
  const [forkServer] = random.sample(childrenOf(supervisor), 1);
  if (forkServer === undefined) return 0;
  killIfThere(forkServer);
  return 1;
}

function hasPassed({ lost, wrong, canariesWrong }: Tally, growth: Holdings): boolean {
  const keys = Object.keys(MOST_GROWTH) as (keyof Holdings)[];
  return lost + wrong + canariesWrong === 0 && keys.every((key) => growth[key] <= MOST_GROWTH[key]);
}
