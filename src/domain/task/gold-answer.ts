import type { Task } from './task';

/** The task's own answer: the one that a solver is known to be able to give. */
export function goldAnswer(task: Task): string {
  switch (task.type) {
    case 'abduction':
      return task.input;
    case 'induction':
      return task.program;
    default:
      return task.output;
  }
}
