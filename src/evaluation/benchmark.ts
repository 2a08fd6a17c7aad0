import type { Task } from '../domain/task/task';

/** Tasks that training never sees, measured under one name. */
export interface Benchmark {
  /** A task type for held-out tasks of that type; any other name for a public benchmark. */
  name: string;
  tasks: readonly Task[];
}
