import { PARTS, type Part, type Round } from './round';
import type { Side } from './side';

/** What one side took for one part of one round. */
export interface Measured {
  seconds: number;
  /** CPU time by kind of process, milliseconds. */
  cpuMs: Record<string, number>;
  /** Verdicts that differ from what is right. */
  wrong: number;
}

/** By the side's name, then by part. */
export type Measurement = Record<string, Record<Part, Measured>>;

/**
 * Every side does every part of a round, one at a time, part by part, so that what else the machine does hits all
 * alike.
 */
export async function measure(sides: readonly Side[], round: Round): Promise<Measurement> {
  for (const side of sides) await side.load(round);
  const measurement: Measurement = {};
  for (const part of PARTS) {
    for (const side of sides) {
      const parts = (measurement[side.name] ??= {} as Record<Part, Measured>);
      parts[part] = await timed(side, part);
    }
  }
  return measurement;
}

async function timed(side: Side, part: Part): Promise<Measured> {
  const before = side.cpu();
  const started = performance.now();
  const wrong = await side.run(part);
  const seconds = (performance.now() - started) / 1000;
  const after = side.cpu();
  const cpuMs = Object.fromEntries(Object.entries(after).map(([kind, ms]) => [kind, ms - before[kind]!]));
  return { seconds, cpuMs, wrong };
}
