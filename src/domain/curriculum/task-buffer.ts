import { countOf } from '../count';
import { groupBy } from '../group-by';
import type { Task, TaskType } from '../task/task';

/** A task that a step found. */
export type NewTask = Task & {
  /** Equal for tasks that differ in the names of their programs alone. */
  namelessId: string;
  /** Of the samples that estimated it, 0 … 1; null where there were none, as with seeds. */
  solveRate: number | null;
};

/** A task and its standing in the curriculum. */
export type BufferedTask = NewTask & {
  /** The step that admitted it; 0 for a seed. */
  admittedStep: number;
  /** How often a plan chose it as a reference. */
  uses: number;
};

/** What a step does to the buffer. */
export interface BufferChange {
  admitted: BufferedTask[];
  evicted: { id: string; admittedStep: number }[];
  /** How often the step's plan chose each task as a reference. */
  uses: Record<string, number>;
}

/**
 * The tasks that proposers are shown and solvers may be given: one list for each type, oldest first, at most
 * `capacity` long. A value, never changed in place: the buffer after step n is the curriculum's version n.
 */
export class TaskBuffer {
  private readonly byId: ReadonlyMap<string, BufferedTask>;
  private readonly namelessIds: ReadonlySet<string>;
  private readonly byType: ReadonlyMap<TaskType, readonly BufferedTask[]>;

  constructor(
    readonly version: number,
    /** Oldest first. */
    readonly tasks: readonly BufferedTask[],
    readonly capacity: number,
  ) {
    this.byId = new Map(tasks.map((task) => [task.id, task]));
    this.namelessIds = new Set(tasks.map(({ namelessId }) => namelessId));
    this.byType = groupBy(tasks, ({ type }) => type);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** Whether a task has this as one or the other of its ids. */
  knows(id: string): boolean {
    return this.has(id) || this.namelessIds.has(id);
  }

  get(id: string): BufferedTask | undefined {
    return this.byId.get(id);
  }

  /** Oldest first. */
  ofType(type: TaskType): readonly BufferedTask[] {
    return this.byType.get(type) ?? [];
  }

  /**
   * What admitting `tasks` at `step` changes: those already there are left out, and the oldest of a type leave
   * when it is over capacity.
   * @param chosen ids of the tasks that the step's plan chose as references, as often as it did
   */
  plan(step: number, tasks: readonly NewTask[], chosen: readonly string[] = []): BufferChange {
    const fresh = new Map<string, BufferedTask>();
    for (const task of tasks) {
      if (!this.has(task.id)) fresh.set(task.id, { ...task, admittedStep: step, uses: 0 });
    }
    const admitted = [...fresh.values()];
    const types = new Set(admitted.map(({ type }) => type));
    const gone = [...types].flatMap((type) => {
      const all = [...this.ofType(type), ...admitted.filter((task) => task.type === type)];
      return all.slice(0, Math.max(0, all.length - this.capacity));
    });
    const goneIds = new Set(gone.map(({ id }) => id));
    const evicted = gone.filter(({ id }) => this.has(id));
    return {
      admitted: admitted.filter(({ id }) => !goneIds.has(id)),
      evicted: evicted.map(({ id, admittedStep }) => ({ id, admittedStep })),
      uses: countOf(chosen),
    };
  }

  /** The buffer after `step`, which made `change`. */
  apply(step: number, { admitted, evicted, uses }: BufferChange): TaskBuffer {
    const gone = new Set(evicted.map(({ id }) => id));
    const kept = this.tasks.filter(({ id }) => !gone.has(id));
    const used = kept.map((task) => (uses[task.id] ? { ...task, uses: task.uses + uses[task.id]! } : task));
    return new TaskBuffer(step, [...used, ...admitted], this.capacity);
  }
}
