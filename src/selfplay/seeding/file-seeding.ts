import type { RunSpec } from '../../config/run-spec';
import type { NewTask } from '../../domain/curriculum/task-buffer';
import { AzrError } from '../../domain/errors';
import { TASK_TYPES, type Task, type TaskType } from '../../domain/task/task';
import type { ProposalValidator } from '../../verifier/proposal-validator';
import type { TaskRow } from '../task-row';
import type { SeedFile, SeedFiles } from './seed-file';
import type { SeedFit } from './seed-fit';
import { usedTypes } from './seed-settings';
import { validateSeed } from './validate-seed';

/** Rows that are verified at a time. */
const AT_A_TIME = 8;

interface SeedParts {
  validator: ProposalValidator;
  fit: SeedFit;
  note: (message: string) => void;
}

/** What became of a row. */
type Judged = { task: NewTask } | { line: number; reason: string } | Unfit;

/** Why a good task cannot be put to this policy; counted, not listed. */
const UNFIT = ["too long for the policy's context", "spelled out byte by byte by the policy's tokenizer"] as const;
type Unfit = (typeof UNFIT)[number];

/** First tasks from a task file: each row goes through the gate that proposals go through. */
export class FileSeeding {
  constructor(
    private readonly spec: RunSpec,
    private readonly parts: SeedParts,
  ) {}

  /**
   * The file's tasks; for types that it gives fewer of than a proposer is shown, those of the shipped file as well.
   * Rows that are left out are told, with line and reason.
   * @throws AzrError when there is no task at all
   */
  async seed({ chosen, shipped }: SeedFiles): Promise<NewTask[]> {
    const types = usedTypes(this.spec);
    const tasks = await this.tasksOf(chosen, types);
    const wanting = types.filter((type) => type !== 'induction' && this.isWanting(type, tasks));
    if (chosen.name !== shipped.name && wanting.length > 0) {
      this.parts.note(`references of ${wanting.join(' and ')} come from the shipped seed tasks as well`);
      tasks.push(...(await this.tasksOf(shipped, wanting)));
    }
    if (tasks.length > 0) return tasks;
    throw new AzrError(
      'invalid',
      `curriculum.seeding.tasks: none of the tasks in ${chosen.name} can be used as a seed`,
    );
  }

  private isWanting(type: TaskType, tasks: readonly Task[]): boolean {
    return tasks.filter((task) => task.type === type).length < Math.max(1, this.spec.proposer.references);
  }

  private async tasksOf({ name, rows, refused }: SeedFile, types: readonly TaskType[]): Promise<NewTask[]> {
    const wanted = rows.filter(({ type }) => types.includes(type));
    const judged: Judged[] = refused.map(({ line, reason }) => ({ line, reason }));
    for (let i = 0; i < wanted.length; i += AT_A_TIME) {
      judged.push(...(await Promise.all(wanted.slice(i, i + AT_A_TIME).map((row) => this.judge(row)))));
    }
    return this.keep(name, judged);
  }

  private async judge(row: TaskRow): Promise<Judged> {
    const validation = await validateSeed(this.parts.validator, row, this.spec);
    const { line } = row;
    if (validation.outcome !== 'accepted') return { line, reason: `${validation.reason} (${validation.detail})` };
    const { task, namelessId } = validation;
    if (!(await this.parts.fit.fits(task))) return UNFIT[0];
    if (await this.parts.fit.isSpelledOut(task)) return UNFIT[1];
    return { task: { ...task, namelessId, solveRate: row.solveRate ?? null } };
  }

  /** The first of equal tasks is kept; what is left out is told once a line and reason, or counted. */
  private keep(name: string, judged: readonly Judged[]): NewTask[] {
    const found = judged.flatMap((it) => (typeof it === 'object' && 'task' in it ? [it.task] : []));
    const tasks = new Map([...found].reverse().map((task) => [task.id, task]));
    const kept = found.filter((task) => tasks.get(task.id) === task);
    const refused = judged.flatMap((it) => (typeof it === 'object' && 'reason' in it ? [it] : []));
    const lines = refused.map(({ line, reason }) => `${name}, line ${line} is left out: ${reason}`);
    const counts: [number, string][] = UNFIT.map((unfit) => [judged.filter((it) => it === unfit).length, unfit]);
    counts.push([found.length - kept.length, 'another row is the same task']);
    const counted = counts.filter(([count]) => count > 0).map(([n, why]) => `${name}: ${n} tasks are left out: ${why}`);
    const sum = `${name}: ${kept.length} of ${judged.length} tasks are seeds (${countWords(kept)})`;
    for (const note of [...new Set(lines), ...counted, sum]) this.parts.note(note);
    return kept;
  }
}

const countWords = (tasks: readonly Task[]): string =>
  TASK_TYPES.map((type) => `${tasks.filter((task) => task.type === type).length} ${type}`).join(', ');
