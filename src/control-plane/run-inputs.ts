import type { RunSpec } from '../config/run-spec';
import { requirePolicyFolder } from '../config/policy-folder';
import { shippedOr } from '../config/shipped';
import type { Benchmark } from '../evaluation/benchmark';
import { readBenchmarks } from '../evaluation/benchmarks';
import type { SeedFile, SeedFiles } from '../selfplay/seeding/seed-file';
import { usedTypes } from '../selfplay/seeding/seed-settings';
import { readTaskFile } from '../task-files/read-task-file';

/** What a run's settings name, read. */
export interface RunInputs {
  /** Hugging Face folder of the policy that it starts from. */
  policyDir: string;
  benchmarks: Benchmark[];
  /** Absent where the policy makes its first tasks itself. */
  seedFiles?: SeedFiles;
}

/**
 * @param note is told of rows that are left out
 * @throws AzrError naming the file and what is wrong with it
 */
export function readRunInputs(spec: RunSpec, note: (message: string) => void): RunInputs {
  const policyDir = shippedOr(spec.policy.dir, 'policy');
  requirePolicyFolder(policyDir);
  const benchmarks = readBenchmarks(spec.evaluation, note);
  const { from, tasks } = spec.curriculum.seeding;
  if (from === 'policy') return { policyDir, benchmarks };
  const shipped = seedFile('shipped', spec);
  const chosen = tasks === 'shipped' ? shipped : seedFile(tasks, spec);
  return { policyDir, benchmarks, seedFiles: { chosen, shipped } };
}

function seedFile(setting: string, spec: RunSpec): SeedFile {
  const name = shippedOr(setting, 'seedTasks');
  return { name, ...readTaskFile(name, usedTypes(spec)) };
}
