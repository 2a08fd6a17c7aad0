import { dirname } from 'node:path';
import { temporaryFiles } from '../../test/support/temporary-files';
import { requirePolicyFolder } from './policy-folder';
import { shippedOr } from './shipped';

const fileOf = temporaryFiles();

describe('the folder of a policy', () => {
  it('that ships is one', () => {
    expect(() => requirePolicyFolder(shippedOr('shipped', 'policy'))).not.toThrow();
  });

  it('that a preset names as Hugging Face does is refused: it must be local, and its model needs GPUs', () => {
    expect(() => requirePolicyFolder(shippedOr('Qwen/Qwen2.5-Coder-3B', 'policy'))).toThrow(
      /^policy\.dir: .*\/Qwen2\.5-Coder-3B is not a Hugging Face folder: .*local folder.*--policy DIR.*GPUs/,
    );
  });

  it('without its config.json is refused for that', () => {
    const dir = dirname(fileOf('model.safetensors', ''));
    expect(() => requirePolicyFolder(dir)).toThrow(/its config\.json cannot be read \(.*ENOENT/);
  });
});
