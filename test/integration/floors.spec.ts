import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '..', 'support', 'lint-texts.mjs');

/** Files that exist, each with a text that breaks its floor. */
const TEXTS = {
  'src/domain/errors.ts': `
    export * from '../config/run-spec';
    export { readFileSync } from 'node:fs';
    export const now = () => Date.now();`,
  'src/selfplay/ports.ts': `
    export type { RunSpec } from '../config/run-spec';
    export { RunSpec as Value } from '../config/run-spec';
    export const load = () => import('../store/database');`,
  'src/store/database.ts': `
    export type { RunStore } from '../selfplay/ports';
    export { scoreResponse } from '../verifier/score-answer';
    export type { Home } from '../embedded/home';`,
  'src/cli/train.ts': `
    export { openDatabase } from '../store/database';`,
};

it('the floors of the source tree are enforced', () => {
  const output = execFileSync(process.execPath, [SCRIPT], { input: JSON.stringify(TEXTS), encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({
    'src/domain/errors.ts': [
      'domain may not import config',
      'domain imports no package but node:crypto',
      expect.stringContaining("'Date'"),
    ],
    'src/selfplay/ports.ts': ['selfplay sees only the types of config', 'selfplay may not import store'],
    'src/store/database.ts': ['store sees only the types of verifier', 'store may not import embedded'],
    'src/cli/train.ts': [],
  });
}, 60_000);
