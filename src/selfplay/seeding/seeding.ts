import type { RunSpec } from '../../config/run-spec';
import { referenceTypes } from '../../domain/curriculum/step-plan';
import { TaskBuffer } from '../../domain/curriculum/task-buffer';
import { AzrError } from '../../domain/errors';
import { PROMPT_FORMATS } from '../../domain/prompt';
import { TASK_TYPES } from '../../domain/task/task';
import type { ProposalValidator } from '../../verifier/proposal-validator';
import type { RolloutPool, RunObserver } from '../ports';
import { Proposer } from '../propose';
import { Sampler, type RolloutLedger } from '../sampler';
import { FileSeeding } from './file-seeding';
import { PolicySeeding, type SeedingEnd } from './policy-seeding';
import type { SeedFiles } from './seed-file';
import { SeedFit } from './seed-fit';
import { seedOptions } from './seed-settings';

export interface SeedingParts {
  pool: RolloutPool;
  validator: ProposalValidator;
  observer: RunObserver;
  /** With `curriculum.seeding.from: file`. */
  seedFiles?: SeedFiles;
}

/**
 * The buffer that a run starts with: `InitSeeding` of AZR Algorithm 1.
 * @param goesOn asked from time to time; what has landed by then is in the ledger for the next call
 */
export async function seedBuffer(
  spec: RunSpec,
  parts: SeedingParts,
  ledger: RolloutLedger,
  goesOn: () => boolean,
): Promise<TaskBuffer | SeedingEnd> {
  const { pool, validator, observer, seedFiles } = parts;
  const format = PROMPT_FORMATS[spec.prompt.format];
  const fit = new SeedFit(spec, format, pool);
  const note = (message: string): void => observer.note(message);
  const tasks = seedFiles
    ? await new FileSeeding(spec, { validator, fit, note }).seed(seedFiles)
    : await new PolicySeeding(spec, {
        ...{ validator, fit, observer },
        proposer: new Proposer(spec, format, pool, validator, seedOptions(spec)),
        sampler: new Sampler(pool, spec.rollout, format.stop, ledger),
        isLanded: (key) => ledger.get(key) !== undefined,
        goesOn,
      }).seed();
  if (typeof tasks === 'string') return tasks;
  const empty = new TaskBuffer(0, [], spec.curriculum.capacity);
  const buffer = empty.apply(0, empty.plan(0, tasks));
  checkReferences(buffer, spec, note);
  return buffer;
}

/** Whether there is something to show to proposers of every type. */
function checkReferences(buffer: TaskBuffer, { proposer }: RunSpec, note: (message: string) => void): void {
  for (const type of TASK_TYPES.filter((it) => proposer.proposals[it] > 0)) {
    const wanted = type === 'induction' ? 1 : proposer.references;
    const found = referenceTypes(type).reduce((sum, of) => sum + buffer.ofType(of).length, 0);
    if (type === 'induction' && found === 0) {
      const need = 'induction proposals need programs of deduction or abduction tasks';
      throw new AzrError('invalid', `the buffer holds no program: ${need}; give seed tasks of those types`);
    }
    if (found < wanted) {
      note(
        `the buffer holds ${found} ${type} tasks: proposers are shown fewer than proposer.references (${wanted}) ` +
          'until it grows; give more seed tasks, or lower the setting',
      );
    }
  }
}
