import { isDeepStrictEqual } from 'node:util';
import { InvalidSettings } from '../domain/errors';
import type { NamedSettings } from './resolve-spec';
import type { RunSpec } from './run-spec';
import { leaves } from './setting-paths';

/**
 * A run goes on with the settings that it began with.
 * @param named settings that someone asks for now
 * @throws InvalidSettings that names those that are others in the stored run
 */
export function refuseChangedSettings(stored: RunSpec, named: NamedSettings): void {
  const values = new Map(leaves(stored));
  const problems = [...named]
    .filter(([path, value]) => !isDeepStrictEqual(values.get(path), value))
    .map(([path, value]) => ({
      path,
      value,
      legal: `the run that goes on has ${JSON.stringify(values.get(path))}; --new begins a new run`,
    }));
  if (problems.length > 0) throw new InvalidSettings(problems);
}
