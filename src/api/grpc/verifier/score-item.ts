import type { Pair, Task, TripletTask } from '../../../domain/task/task';
import type {
  InductionTask as InductionMessage,
  ScoreItem,
  Task as TaskMessage,
} from '../../../generated/azr/v1/verifier';
import { judgeErrorName } from '../../../verifier/answers/error-answer';
import { LONGEST_PROGRAM } from '../../../verifier/bounds';
import type { ProgramExecutor } from '../../../verifier/ports';
import type { Response } from '../../../verifier/read-response';
import { argumentsOf, IllegalItem, valueOf } from './illegal-item';

const MOST_PAIRS = 1_000;
/** UTF-16 units of their texts together: they are read again for each answer. */
const LONGEST_PAIRS = 1 << 20;
/** What an answer is not held against is left out. */
const UNREAD = { id: '', program: '', input: '' };

/** What a solver gave; `isBare` where it is the answer alone. */
export interface SolverAnswer extends Response {
  isBare: boolean;
}

/**
 * The task that an answer is held against, its values in canonical form.
 * @throws IllegalItem for a task that no answer could be held against; PartUnavailable
 */
export async function taskOf(message: TaskMessage | undefined, executor: ProgramExecutor): Promise<Task> {
  switch (message?.task?.$case) {
    case 'deduction':
      return { ...UNREAD, type: 'deduction', output: valueOf('task.deduction.output', message.task.value.output) };
    case 'abduction': {
      const program = await entryProgramOf('task.abduction.program', message.task.value.program, executor);
      const output = valueOf('task.abduction.output', message.task.value.output);
      return { ...UNREAD, type: 'abduction', program, output };
    }
    case 'induction':
      return { ...UNREAD, type: 'induction', message: '', pairs: pairsOf(message.task.value) };
    case 'error':
      return errorTaskOf(message.task.value.output);
    case undefined:
      throw new IllegalItem('task', '', 'it is one of deduction, abduction, induction and error');
  }
}

/** @throws IllegalItem */
export function answerOf({ answer }: ScoreItem): SolverAnswer {
  switch (answer?.$case) {
    case 'response':
      return { text: answer.value.text, finished: !answer.value.truncated, isBare: false };
    case 'bare':
      return { text: answer.value, finished: true, isBare: true };
    case undefined:
      throw new IllegalItem('answer', '', 'set response or bare');
  }
}

/** A program that does not even define a function would make every answer wrong, and nobody would know why. */
async function entryProgramOf(field: string, program: string, executor: ProgramExecutor): Promise<string> {
  if (program.length > LONGEST_PROGRAM) {
    throw new IllegalItem(field, program, `a program has at most ${LONGEST_PROGRAM} characters`);
  }
  const { syntaxError, entryProgram } = await executor.skim(program);
  if (syntaxError !== '') throw new IllegalItem(field, program, `it is Python: ${syntaxError}`);
  if (entryProgram === '') throw new IllegalItem(field, program, 'it defines f, or a single function');
  return entryProgram;
}

function errorTaskOf(output: string): TripletTask {
  const task: TripletTask = { ...UNREAD, type: 'error', output };
  if (judgeErrorName(task, output).outcome === 'correct') return task;
  throw new IllegalItem('task.error.output', output, 'it is the name of an exception, or NoError');
}

/** A scorer looks at the second half of a task's pairs alone: both halves are the hidden ones. */
function pairsOf({ hidden }: InductionMessage): Pair[] {
  if (hidden.length === 0 || hidden.length > MOST_PAIRS) {
    throw new IllegalItem('task.induction.hidden', `${hidden.length} pairs`, `there are 1 to ${MOST_PAIRS}`);
  }
  const length = hidden.reduce((sum, { input, output }) => sum + input.length + output.length, 0);
  if (length > LONGEST_PAIRS) {
    throw new IllegalItem('task.induction.hidden', `${length} characters`, `they have at most ${LONGEST_PAIRS}`);
  }
  const pairs = hidden.map(({ input, output }, i) => ({
    input: argumentsOf(`task.induction.hidden[${i}].input`, input),
    output: valueOf(`task.induction.hidden[${i}].output`, output),
  }));
  return [...pairs, ...pairs];
}
