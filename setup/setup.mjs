/** Makes a fresh clone ready to run, and does nothing, quickly, where it is ready. */
import { dirname } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

import './node-version.mjs';
import { SetupError } from './command.mjs';
import { alone } from './lock.mjs';
import { say } from './progress.mjs';
import { isDone, make } from './stamp.mjs';
import { steps } from './steps.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function makeAll(wanted, inherit) {
  if (wanted.every((step) => isDone(root, step))) return;
  say('Setting up (this happens once, and again where a lock file or a source has changed):');
  for (const step of wanted) if (!isDone(root, step)) await make(root, step, inherit);
}

/** Makes what is missing or out of date, up to and with the step named `last`. Throws SetupError. */
export async function setUp(last = steps.at(-1).name) {
  const wanted = steps.slice(0, steps.findIndex(({ name }) => name === last) + 1);
  if (wanted.every((step) => isDone(root, step))) return;
  const waiting = () => say('Another set-up is under way in this folder: waiting for it to end.');
  await alone(root, waiting, (inherit) => makeAll(wanted, inherit));
}

/** Says why set-up failed: the tool's last lines, then one sentence. Errors of nobody's making are thrown on. */
export function explain(error) {
  if (!(error instanceof SetupError) && !error.syscall) throw error;
  for (const line of error.tail ?? []) say(`    ${line}`);
  say(`azr: set-up: ${error.message}`);
}

/** setUp for a command: a failure is explained and ends the process with exit code 1. */
export async function setUpOrExit(last) {
  try {
    await setUp(last);
  } catch (error) {
    explain(error);
    exit(1);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await setUpOrExit(argv[2]);
