import type { PromptFormat } from '../domain/prompt';
import { isOutput, outputsDiffer } from '../domain/task/stored-output';
import type { TripletTask } from '../domain/task/task';
import { canonicalArguments, canonicalText, ValueSyntaxError, type PyValue } from '../domain/value';
import type { CruxevalRow } from '../task-files/cruxeval-shape';
import type { ReadLine } from '../task-files/read-lines';
import { LONGEST_ANSWER } from '../verifier/bounds';
import { Objection } from '../verifier/objection';
import type { ProgramExecutor } from '../verifier/ports';
import { objectionToTask } from '../verifier/proposals/admission';
import { readInput } from '../verifier/read-text';
import { agreedValue } from '../verifier/runs';
import type { AnswerScorer } from '../verifier/score-answer';
import type { VerifierSettings } from '../verifier/settings';
import { argumentsOfCall, evaluatorOf, isArgumentSource, valueOfCall } from './argument-source';
import { cruxevalTasks } from './cruxeval';
import { readSource } from './read-source';

export interface CruxevalParts {
  executor: ProgramExecutor;
  format: PromptFormat;
  scorer: AnswerScorer;
}

/**
 * Decides whether a row of CRUXEval holds what its program gives, and whether its tasks can be answered. A benchmark is
 * no proposal: its input is source, which is evaluated in the jail, and nothing is banned, for the jail holds whatever
 * it reaches for. What must hold of a proposal's value must hold of its: every run gives the same.
 */
export class CruxevalValidator {
  constructor(
    private readonly parts: CruxevalParts,
    private readonly settings: VerifierSettings,
  ) {}

  /**
   * The row's tasks with the output that was found. Input prediction is among them where the row's own arguments are
   * values, so that an answer to it is known.
   * @throws PartUnavailable
   */
  async validate(read: ReadLine<CruxevalRow>): Promise<TripletTask[] | Objection> {
    const objection = await this.objectionToSource(read.row);
    if (objection) return objection;
    const [value, input] = await this.evaluate(read.row);
    if (value instanceof Objection) return value;
    const output = canonicalText(value);
    if (!isOutput(read.row.output, output, this.settings.tasks.equality)) {
      return new Objection('unverifiable', outputsDiffer(read.row.output, output));
    }
    return this.answerable(tasksOf(read, output, input));
  }

  /** The value of the call, and the canonical text of its arguments, which are evaluated where they are no values. */
  private async evaluate({ code, input }: CruxevalRow): Promise<[PyValue | Objection, string | undefined]> {
    const written = readInput(input);
    const isExpression = written instanceof ValueSyntaxError;
    const expressions = isExpression ? [valueOfCall(input), argumentsOfCall(input)] : [valueOfCall(input)];
    const limits = { ...this.settings.executor, stopAtLimit: true };
    const [runs = [], given = []] = await this.parts.executor.runAcross(evaluatorOf(code), expressions, limits);
    return [agreedValue(runs), isExpression ? inputOf(agreedValue(given)) : written];
  }

  private async objectionToSource({ code, input }: CruxevalRow): Promise<Objection | undefined> {
    if (input.length > LONGEST_ANSWER) {
      return new Objection('too_long', `input has more than ${LONGEST_ANSWER} characters`);
    }
    const { executor } = this.parts;
    const [source, isArguments] = await Promise.all([readSource(executor, code), isArgumentSource(executor, input)]);
    if (source instanceof Objection) return source;
    const hasEntry = code !== '' && source.entryProgram === code;
    if (!hasEntry) return new Objection('no_entry_function', 'there is no function f');
    return isArguments ? undefined : new Objection('bad_input', 'input is not the source of one argument list');
  }

  private async answerable(tasks: TripletTask[]): Promise<TripletTask[] | Objection> {
    const { format, scorer } = this.parts;
    const objections = await Promise.all(tasks.map((task) => objectionToTask(task, format, scorer)));
    return objections.find((objection) => objection !== undefined) ?? tasks;
  }
}

/** @param input canonical, where there is one */
function tasksOf(read: ReadLine<CruxevalRow>, output: string, input: string | undefined): TripletTask[] {
  const [outputPrediction, inputPrediction] = cruxevalTasks({ ...read, row: { ...read.row, output } });
  return input === undefined ? [outputPrediction] : [outputPrediction, { ...inputPrediction, input }];
}

/** The canonical text of what `argumentsOfCall` gives, or undefined where an argument is no value. */
function inputOf(given: PyValue | Objection): string | undefined {
  if (given instanceof Objection || given.kind !== 'list') return undefined;
  const [positional, named] = given.items;
  if (positional?.kind !== 'tuple' || named?.kind !== 'dict') return undefined;
  const keyword = named.entries.map(([name, value]) => [nameOf(name), value] as const);
  return canonicalArguments({ positional: positional.items, keyword });
}

const nameOf = (name: PyValue): string => (name.kind === 'str' ? name.text : '');
