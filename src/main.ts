import 'reflect-metadata';
import { CommanderError } from 'commander';
import { explainFailure, EXIT_USAGE } from './cli/exit';
import { buildProgram } from './cli/program';

/** Standard output is a pipe at times: what was written must leave before the process does. */
const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

// A terminal that was closed, or a reader that has gone: there is nobody to tell, and the run has an end to make.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

async function main(): Promise<number> {
  try {
    await buildProgram().parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    const { lines, code } = explainFailure(error);
    for (const line of lines) process.stderr.write(`azr: ${line}\n`);
    return code;
  }
}

void main().then(async (code) => {
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(code);
});
