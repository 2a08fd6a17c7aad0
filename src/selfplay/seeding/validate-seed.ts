import type { RunSpec } from '../../config/run-spec';
import { isOutput, outputsDiffer } from '../../domain/task/stored-output';
import type { Proposal, Task } from '../../domain/task/task';
import type { Validation } from '../../domain/task/verdict';
import type { EqualityMode } from '../../domain/value';
import { Objection } from '../../verifier/objection';
import { rejection, type ProposalValidator } from '../../verifier/proposal-validator';
import type { TaskRow } from '../task-row';
import { seedOptions } from './seed-settings';

/** Pairs of a row, as many as `tasks.inductionInputs` may ask for. */
const MOST_PAIRS = 1_000;

/**
 * A row of a task file through the gate that proposals go through. What it gives as outputs is not believed: they have
 * to be what its program gives.
 * @throws PartUnavailable
 */
export async function validateSeed(validator: ProposalValidator, row: TaskRow, spec: RunSpec): Promise<Validation> {
  if (row.type === 'induction' && row.pairs.length > MOST_PAIRS) {
    return rejection(new Objection('too_long', `${row.pairs.length} pairs, and at most ${MOST_PAIRS} are taken`));
  }
  const validation = await validator.validate(proposalOf(row), () => false, seedOptions(spec));
  if (validation.outcome !== 'accepted') return validation;
  const difference = differenceOf(row, validation.task, spec.tasks.equality);
  return difference === undefined ? validation : rejection(new Objection('unverifiable', difference));
}

const proposalOf = (row: TaskRow): Proposal =>
  row.type === 'induction'
    ? { type: row.type, program: row.program, inputs: row.pairs.map(({ input }) => input), message: row.message }
    : { type: row.type, program: row.program, input: row.input };

/** The first output of the row that its program does not give, beside the one that it gives. */
function differenceOf(row: TaskRow, task: Task, equality: EqualityMode): string | undefined {
  const stored = outputsOf(row);
  const found = outputsOf(task);
  const isRight = (output: string, i: number): boolean =>
    task.type === 'error' ? output === found[i] : isOutput(output, found[i]!, equality);
  const at = stored.findIndex((output, i) => !isRight(output, i));
  if (at < 0) return undefined;
  const where = task.type === 'induction' ? `pair ${at + 1}: ` : '';
  return where + outputsDiffer(stored[at]!, found[at]!);
}

const outputsOf = (of: TaskRow | Task): string[] =>
  of.type === 'induction' ? of.pairs.map(({ output }) => output) : [of.output];
