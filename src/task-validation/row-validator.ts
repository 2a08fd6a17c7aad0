import type { RunSpec } from '../config/run-spec';
import { PROMPT_FORMATS, type PromptFormat } from '../domain/prompt';
import { goldAnswer } from '../domain/task/gold-answer';
import type { Task, TaskType } from '../domain/task/task';
import { CruxevalValidator } from '../evaluation/cruxeval-validator';
import { validateSeed } from '../selfplay/seeding/validate-seed';
import type { RefusedLine, TaskRow } from '../selfplay/task-row';
import type { CruxevalRow } from '../task-files/cruxeval-shape';
import type { ReadLine } from '../task-files/read-lines';
import { taskRows } from '../task-files/read-task-file';
import type { LooseRow } from '../task-files/row-shapes';
import { Objection } from '../verifier/objection';
import type { ProgramExecutor } from '../verifier/ports';
import { ProposalValidator } from '../verifier/proposal-validator';
import { AnswerScorer } from '../verifier/score-answer';
import type { RowVerdict } from './row-verdict';

/** A line of a file that may hold tasks or a benchmark's row. */
export type FileLine = ReadLine<LooseRow[] | CruxevalRow> | RefusedLine;

/** Judges rows: tasks by the gate that seeds pass, a benchmark's by its own. What they let through is scored again. */
export class RowValidator {
  private readonly format: PromptFormat;
  private readonly scorer: AnswerScorer;
  private readonly proposals: ProposalValidator;
  private readonly cruxeval: CruxevalValidator;

  constructor(
    executor: ProgramExecutor,
    private readonly spec: RunSpec,
  ) {
    this.format = PROMPT_FORMATS[spec.prompt.format];
    this.scorer = new AnswerScorer(executor, this.format, spec);
    this.proposals = new ProposalValidator(executor, this.format, spec);
    this.cruxeval = new CruxevalValidator({ executor, format: this.format, scorer: this.scorer }, spec);
  }

  /** @throws PartUnavailable */
  async judge(read: FileLine): Promise<RowVerdict> {
    const { line } = read;
    if ('reason' in read) return { line, types: [], outcome: 'rejected', reason: 'malformed', detail: read.reason };
    const { types, found } = await this.tasksOf(read);
    if (found instanceof Objection) {
      return { line, types, outcome: 'rejected', reason: found.reason, detail: found.detail };
    }
    const inconsistent = await this.inconsistencyOf(found);
    return {
      ...{ line, types: typesOf(found), outcome: 'accepted', gold: outputsOf(found[0]!) },
      ...(inconsistent !== undefined && { inconsistent }),
    };
  }

  private async tasksOf({ line, row }: ReadLine<LooseRow[] | CruxevalRow>): Promise<{
    types: TaskType[];
    found: Task[] | Objection;
  }> {
    if (!Array.isArray(row)) {
      return { types: ['deduction', 'abduction'], found: await this.cruxeval.validate({ line, row }) };
    }
    return { types: typesOf(row), found: await this.seedsOf(taskRows({ line, row })) };
  }

  /** All the tasks of one line, or what is wrong with the first that is none. */
  private async seedsOf(rows: readonly TaskRow[]): Promise<Task[] | Objection> {
    const tasks: Task[] = [];
    for (const validation of await Promise.all(rows.map((row) => validateSeed(this.proposals, row, this.spec)))) {
      if (validation.outcome !== 'accepted') return new Objection(validation.reason, validation.detail);
      tasks.push(validation.task);
    }
    return tasks;
  }

  /** What is said of the first task whose own answer, given as a solver would, is not correct. */
  private async inconsistencyOf(tasks: readonly Task[]): Promise<string | undefined> {
    for (const task of tasks) {
      const response = { text: this.format.renderAnswer(task.type, goldAnswer(task)), finished: true };
      const [verdict] = await this.scorer.score(task, [response]);
      if (verdict?.outcome !== 'correct') return `${task.type}: ${verdict?.reason}, ${verdict?.detail}`;
    }
    return undefined;
  }
}

const typesOf = (tasks: readonly { type: TaskType }[]): TaskType[] => tasks.map(({ type }) => type);

const outputsOf = (task: Task): string[] =>
  task.type === 'induction' ? task.pairs.map(({ output }) => output) : [task.output];
