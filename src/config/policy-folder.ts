import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AzrError, messageOf } from '../domain/errors';

const NO_FOLDER =
  'there is no such folder; weights are never downloaded: name the local folder that has them (--policy DIR). ' +
  'The models of the azr-* presets need GPUs, too';

/**
 * Looks before anything is started; whether the weights are good is for those who load them to say.
 * @throws AzrError naming the folder
 */
export function requirePolicyFolder(dir: string): void {
  try {
    JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  } catch (error) {
    const why = existsSync(dir) ? `its config.json cannot be read (${messageOf(error)})` : NO_FOLDER;
    throw new AzrError('invalid', `policy.dir: ${dir} is not a Hugging Face folder: ${why}`, { cause: error });
  }
}
