import { AzrError } from '../domain/errors';
import { TASK_TYPES, type InductionTask, type Pair, type Task, type TaskType } from '../domain/task/task';
import { REASONS, type Reason } from '../domain/task/verdict';
import { canonicalText, type PyValue } from '../domain/value';
import { textField, wrongField } from '../task-files/fields';
import type { JsonObject } from '../task-files/json-lines';
import type { Case } from './case-file';
import { listField, objectField, onlyKeys, timeoutField, within, wordField, wordsField } from './fields';
import { argumentsField, valueField } from './value-fields';

/** Responses to one verifier, in order. */
export interface VerifierCase extends Case {
  /** Limit of one run of a program. */
  timeoutMs: number;
  steps: Step[];
}

export type Step = ProposeStep | SolveStep;

export interface ProposeStep {
  kind: 'propose';
  type: TaskType;
  /** With induction: the program that the proposer was shown. */
  program: string;
  /** The assistant's whole turn, the tag that opens the think block included. */
  turn: string;
  expect: Expectation;
}

export interface SolveStep {
  kind: 'solve';
  task: Task;
  turn: string;
  expect: Expectation;
}

export interface Expectation {
  outcomes: Outcome[];
  /** Those that are right where the outcome is neither `accepted` nor `correct`; any is where there is no list. */
  reasons?: Reason[];
  /** What an accepted task has for an output: a value, or the name of an exception. */
  output?: PyValue | string;
}

const OUTCOMES = {
  propose: ['accepted', 'rejected', 'malformed'],
  solve: ['correct', 'incorrect', 'malformed'],
} as const;
type Outcome = (typeof OUTCOMES)[keyof typeof OUTCOMES][number];

const DEFAULT_TIMEOUT_MS = 5_000;

/** @throws AzrError naming the field that is wrong */
export function readVerifierCase(row: JsonObject, id: string): VerifierCase {
  const kind = wordField(row, 'kind', ['propose', 'solve', 'sequence']);
  const timeoutMs = row['timeout_ms'] === undefined ? DEFAULT_TIMEOUT_MS : timeoutField(row, 'timeout_ms');
  return { id, timeoutMs, steps: kind === 'sequence' ? stepsOf(row) : [stepOf(row)] };
}

const stepsOf = (row: JsonObject): Step[] =>
  listField(row, 'steps').map((step, i) => within(`steps[${i}]`, () => stepOf(objectField({ step }, 'step'))));

function stepOf(row: JsonObject): Step {
  const kind = wordField(row, 'kind', ['propose', 'solve']);
  const type = wordField(row, 'task_type', TASK_TYPES);
  const task = objectField(row, 'task');
  const expect = objectField(row, 'expect');
  const step = {
    turn: textField(row, 'response'),
    expect: within('expect', () => expectationOf(expect, kind, type)),
  };
  if (kind === 'solve') return { kind, task: within('task', () => taskOf(task, type)), ...step };
  const program = type === 'induction' ? within('task', () => textField(task, 'program')) : '';
  return { kind, type, program, ...step };
}

function expectationOf(expect: JsonObject, kind: Step['kind'], type: TaskType): Expectation {
  onlyKeys(expect, ['outcome', 'reason', 'output', 'note']);
  return {
    outcomes: wordsField<Outcome>(expect, 'outcome', OUTCOMES[kind]),
    ...(expect['reason'] === undefined ? {} : { reasons: wordsField(expect, 'reason', REASONS) }),
    ...(expect['output'] === undefined ? {} : { output: outputOf(expect, kind, type) }),
  };
}

function outputOf(expect: JsonObject, kind: Step['kind'], type: TaskType): PyValue | string {
  if (kind === 'solve' || type === 'induction') {
    throw new AzrError('invalid', 'output is of no use: only a proposed program with one input has one');
  }
  return type === 'error' ? textField(expect, 'output') : valueField(expect, 'output');
}

/** What its solver is asked; its values become canonical. */
function taskOf(task: JsonObject, type: TaskType): Task {
  const program = textField(task, 'program');
  if (type === 'induction') return inductionTaskOf(task, program);
  const output = type === 'error' ? textField(task, 'output') : canonicalText(valueField(task, 'output'));
  return { id: '', type, program, input: argumentsField(task, 'input'), output };
}

/** A scorer looks at the second half of the pairs alone: both are the hidden ones here, however many are given. */
function inductionTaskOf(task: JsonObject, program: string): InductionTask {
  const message = textField(task, 'message');
  pairsField(task, 'given');
  const hidden = pairsField(task, 'hidden');
  return { id: '', type: 'induction', program, message, pairs: [...hidden, ...hidden] };
}

function pairsField(task: JsonObject, field: string): Pair[] {
  return listField(task, field).map((pair, i) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrongField(`${field}[${i}]`, pair, 'a pair [input, output]');
    const [input, output] = pair as unknown[];
    return within(`${field}[${i}]`, () => ({
      input: argumentsField({ input } as JsonObject, 'input'),
      output: canonicalText(valueField({ output } as JsonObject, 'output')),
    }));
  });
}
