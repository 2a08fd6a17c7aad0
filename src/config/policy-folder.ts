import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AzrError, messageOf } from '../domain/errors';
import { readRegularFile } from './regular-file';

const NO_FOLDER =
  'there is no such folder; weights are never downloaded: name the local folder that has them (--policy DIR). ' +
  'The models of the azr-* presets need GPUs, too';

/**
 * Looks before anything is started; whether the weights are good is for those who load them to say.
 * @throws AzrError naming the folder
 */
export function requirePolicyFolder(dir: string): void {
  const why = existsSync(dir) ? objectionTo(join(dir, 'config.json')) : NO_FOLDER;
  if (why !== undefined) throw new AzrError('invalid', `policy.dir: ${dir} is not a Hugging Face folder: ${why}`);
}

function objectionTo(config: string): string | undefined {
  try {
    JSON.parse(readRegularFile(config).toString());
    return undefined;
  } catch (error) {
    // What JSON.parse says shows the text, which may be a file that was never meant.
    return `its config.json ${error instanceof SyntaxError ? 'is not JSON' : `cannot be read (${messageOf(error)})`}`;
  }
}
