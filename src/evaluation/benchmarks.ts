import type { EvaluationSpec } from '../config/run-spec';
import { shippedOr } from '../config/shipped';
import type { Benchmark } from './benchmark';
import { cruxevalBenchmarks } from './cruxeval';
import { heldOutBenchmarks } from './held-out-tasks';

/**
 * What a run is measured on; nothing where its settings name no tasks.
 * @param note is told of rows that are left out
 * @throws AzrError naming the file and line of what cannot be used
 */
export function readBenchmarks(
  { tasks, perType, cruxeval, cruxevalRows }: EvaluationSpec,
  note: (message: string) => void,
): Benchmark[] {
  const heldOut = tasks === 'none' || perType === 0 ? [] : heldOutBenchmarks(shippedOr(tasks, 'heldOutTasks'), perType);
  const crux = cruxeval === 'none' ? [] : cruxevalBenchmarks(cruxeval, cruxevalRows, note);
  return [...heldOut, ...crux];
}
