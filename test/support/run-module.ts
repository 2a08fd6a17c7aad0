import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SETUP = pathToFileURL(`${join(__dirname, '..', '..', 'setup')}/`);

/** Starts a Node that runs `text`, an ES module in which `setup/x.mjs` is imported as `SETUP/x.mjs`. */
export function startModule(text: string, env: NodeJS.ProcessEnv = process.env): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--input-type=module', '-e', text.replaceAll('SETUP/', SETUP.href)], { env });
}

export interface ModuleEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs such a module to its end. */
export function runModule(text: string, env?: NodeJS.ProcessEnv): Promise<ModuleEnd> {
  const child = startModule(text, env);
  const end: ModuleEnd = { code: null, stdout: '', stderr: '' };
  child.stdin.end();
  child.stdout.on('data', (chunk) => (end.stdout += chunk));
  child.stderr.on('data', (chunk) => (end.stderr += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...end, code })));
}
