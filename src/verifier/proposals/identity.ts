import { taskId, type TaskType } from '../../domain/task/task';
import { parseArguments } from '../../domain/value';
import { treated, type Objection } from '../objection';
import type { ProgramAnalysis } from '../ports';
import type { VerifierSettings } from '../settings';

/** What a task is known by. */
export interface Identity {
  /** As `taskId` has it. */
  id: string;
  /** Equal for tasks whose programs differ in names, comments and spacing alone; `id` if a program sees its names. */
  namelessId: string;
}

/** Whether a task is there already that has this, as one or the other of its ids. */
export type Known = (id: string) => boolean;

/** @param inputs canonical texts of argument lists; a keyword argument has a name that the program has given */
export function identityOf(
  type: TaskType,
  { canonical, withoutNames }: ProgramAnalysis,
  inputs: readonly string[],
): Identity {
  const id = taskId(type, canonical, inputs);
  const seesNames = withoutNames === '' || inputs.some((input) => parseArguments(input).keyword.length > 0);
  return { id, namelessId: seesNames ? id : taskId(type, withoutNames, inputs) };
}

/** @param where the task is known from, for a person */
export function objectionToRepeat(
  { id, namelessId }: Identity,
  known: Known,
  where: string,
  { duplicates, renamedDuplicates }: Pick<VerifierSettings['tasks'], 'duplicates' | 'renamedDuplicates'>,
): Objection | undefined {
  if (known(id)) return treated(duplicates, 'duplicate', `the task is ${where}`);
  if (!known(namelessId)) return undefined;
  return treated(renamedDuplicates, 'renamed_duplicate', `the task is ${where}, under other names`);
}
