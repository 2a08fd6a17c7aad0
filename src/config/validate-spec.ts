import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { AzrError, InvalidSettings, type SettingProblem } from '../domain/errors';
import { contradictions } from './contradictions';
import { RunSpec } from './run-spec';
import type { Plain } from './setting-paths';

/**
 * Checks every setting for itself, then whether they go together.
 * @throws InvalidSettings with everything that is wrong
 */
export function validateSpec(plain: Plain): RunSpec {
  const spec = plainToInstance(RunSpec, plain);
  const problems = validateSync(spec, { whitelist: true, forbidNonWhitelisted: true }).flatMap(describe(''));
  if (problems.length === 0) problems.push(...contradictions(spec));
  if (problems.length > 0) throw new InvalidSettings(problems);
  return spec;
}

/**
 * The settings of a stored run, which another version of this software may have written.
 * @throws AzrError `conflict` that says what this version does not accept
 */
export function validateStoredSpec(runId: string, plain: Plain): RunSpec {
  try {
    return validateSpec(plain);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    const [first, ...others] = error.problems;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    const why = `run ${runId} has settings that this version does not accept (${first!.path}: ${first!.legal}${more})`;
    const remedy = `take its tasks along (azr tasks export ${runId}) into a new run (--new --seed-tasks FILE)`;
    throw new AzrError('conflict', `${why}; ${remedy}`, { cause: error });
  }
}

/** One problem for each setting that is wrong, its legal values in class-validator's words. */
const describe =
  (prefix: string) =>
  ({ property, value, constraints, children }: ValidationError): SettingProblem[] => {
    const path = `${prefix}${property}`;
    const inner = (children ?? []).flatMap(describe(`${path}.`));
    if (!constraints || inner.length > 0) return inner;
    const legal = constraints['whitelistValidation']
      ? 'there is no such setting'
      : Object.values(constraints).join(', ');
    return [{ path, value, legal }];
  };
