import { shownPairs, type Task } from '../task/task';
import type { SolverView } from './prompt-format';

/** What a solver is shown of the task. */
export function solverView(task: Task): SolverView {
  switch (task.type) {
    case 'abduction':
      return { type: task.type, program: task.program, output: task.output };
    case 'induction':
      return { type: task.type, pairs: shownPairs(task), message: task.message };
    default:
      return { type: task.type, program: task.program, input: task.input };
  }
}
