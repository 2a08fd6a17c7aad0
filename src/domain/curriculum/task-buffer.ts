import type { Task, TaskType } from '../task/task';

/** A task and the step that admitted it; 0 for a seed. */
export interface BufferedTask extends Task {
  admittedStep: number;
}

/** What a step does to the buffer. */
export interface BufferChange {
  admitted: BufferedTask[];
  evicted: BufferedTask[];
}

/**
 * The tasks that proposers are shown and solvers may be given: one list for each type, oldest first, at most
 * `capacity` long. A value, never changed in place: the buffer after step n is the curriculum's version n.
 */
export class TaskBuffer {
  private readonly byId: ReadonlyMap<string, BufferedTask>;

  constructor(
    readonly version: number,
    /** Oldest first. */
    readonly tasks: readonly BufferedTask[],
    readonly capacity: number,
  ) {
    this.byId = new Map(tasks.map((task) => [task.id, task]));
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  get(id: string): BufferedTask | undefined {
    return this.byId.get(id);
  }

  ofType(type: TaskType): BufferedTask[] {
    return this.tasks.filter((task) => task.type === type);
  }

  /**
   * What admitting `tasks` at `step` changes: those already there are left out, and the oldest of a type leave
   * when it is over capacity.
   */
  plan(step: number, tasks: readonly Task[]): BufferChange {
    const fresh = new Map<string, BufferedTask>();
    for (const task of tasks) if (!this.has(task.id)) fresh.set(task.id, { ...task, admittedStep: step });
    const all = [...this.tasks, ...fresh.values()];
    const types = new Set(all.map(({ type }) => type));
    const evicted = [...types].flatMap((type) => {
      const ofType = all.filter((task) => task.type === type);
      return ofType.slice(0, Math.max(0, ofType.length - this.capacity));
    });
    const gone = new Set(evicted.map(({ id }) => id));
    return {
      admitted: [...fresh.values()].filter(({ id }) => !gone.has(id)),
      evicted: evicted.filter(({ id }) => this.has(id)),
    };
  }

  /** The buffer after `step`, which made `change`. */
  apply(step: number, change: BufferChange): TaskBuffer {
    const gone = new Set(change.evicted.map(({ id }) => id));
    const kept = this.tasks.filter(({ id }) => !gone.has(id));
    return new TaskBuffer(step, [...kept, ...change.admitted], this.capacity);
  }
}
