import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidSettings, messageOf } from '../domain/errors';

/**
 * Looks before anything is started; whether the weights are good is for those who load them to say.
 * @throws InvalidSettings naming the folder
 */
export function requirePolicyFolder(dir: string): void {
  try {
    JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  } catch (error) {
    const legal = `it must be a Hugging Face folder, but its config.json cannot be read (${messageOf(error)})`;
    throw new InvalidSettings([{ path: 'policy.dir', value: dir, legal }]);
  }
}
