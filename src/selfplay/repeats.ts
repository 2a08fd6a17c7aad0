import type { TasksSpec } from '../config/run-spec';
import { objectionToRepeat } from '../verifier/proposals/identity';
import { rejection } from '../verifier/proposal-validator';
import type { Proposed } from './propose';

/**
 * Of proposals that made the same task, the first in the plan's order is kept; the others repeat it, and are treated as
 * the settings say. Those that were estimated before that was known keep their samples: they count and are trained on
 * as others are.
 */
export function rejectRepeats<P extends Proposed>(proposed: readonly P[], tasks: TasksSpec): P[] {
  const seen = new Set<string>();
  return proposed.map((one) => {
    const { validation } = one;
    if (validation.outcome !== 'accepted') return one;
    const { namelessId, task } = validation;
    const objection = objectionToRepeat(
      { id: task.id, namelessId },
      (id) => seen.has(id),
      'in this step already',
      tasks,
    );
    seen.add(task.id).add(namelessId);
    return objection ? { ...one, validation: rejection(objection) } : one;
  });
}
