import { parse as parseYaml } from 'yaml';
import { InvalidSettings } from '../domain/errors';

const PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/;
const LONGEST_PATH = 200;

export const isSettingPath = (path: string): boolean => path.length <= LONGEST_PATH && PATH.test(path);

/**
 * The value of a setting, as YAML writes it.
 * @throws InvalidSettings
 */
export function parseSetting(path: string, text: string): unknown {
  if (!isSettingPath(path)) {
    throw new InvalidSettings([{ path: 'settings', value: path, legal: 'a path such as update.learningRate' }]);
  }
  return parseSettings(text, () => {
    throw new InvalidSettings([{ path, value: text, legal: 'the value must be YAML without tags, and not too deep' }]);
  });
}

/** Settings out of YAML: plain values alone, whatever its tags would make of them. */
export function parseSettings(text: string, refuse: (why: unknown) => never): unknown {
  try {
    return parseYaml(text, { logLevel: 'error', schema: 'core', resolveKnownTags: false, maxAliasCount: 0 }) as unknown;
  } catch (error) {
    return refuse(error);
  }
}
