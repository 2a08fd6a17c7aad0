import { isDeepStrictEqual } from 'node:util';
import { InvalidSettings } from '../domain/errors';
import type { NamedSettings } from './resolve-spec';
import type { RunSpec } from './run-spec';
import { leaves } from './setting-paths';

/** Says where the policy is served, not how the run learns: a run may go on with other servers. */
export const SERVERS = 'rollout.servers';

/**
 * A run goes on with the settings that it began with, wherever its policy is served.
 * @param named settings that someone asks for now
 * @throws InvalidSettings that names those that are others in the stored run
 */
export function refuseChangedSettings(stored: RunSpec, named: NamedSettings): void {
  const values = new Map(leaves(stored));
  const problems = [...named]
    .filter(([path, value]) => path !== SERVERS && !isDeepStrictEqual(values.get(path), value))
    .map(([path, value]) => ({
      path,
      value,
      legal: `the run that goes on has ${JSON.stringify(values.get(path))}; --new begins a new run`,
    }));
  if (problems.length > 0) throw new InvalidSettings(problems);
}
