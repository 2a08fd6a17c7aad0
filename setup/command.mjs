/** Runs the tools that set-up and the tests use: bounded, owned, with the end of what they said kept. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';

const TAIL_LINES = 20;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const running = new Set();

/** A step that did not succeed: `message` says what and what to do, `tail` holds the tool's last lines. */
export class SetupError extends Error {
  constructor(message, tail = []) {
    super(message);
    this.tail = tail;
  }
}

/** Tools run in process groups of their own, so that a bound or a signal ends all that they started. */
function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function onSignal(signal) {
  for (const child of running) killGroup(child);
  process.exit(128 + constants.signals[signal]);
}

/** Signals are ours only while a tool runs: afterwards the process belongs to what is imported after set-up. */
function own(child) {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
  running.add(child);
}

function disown(child) {
  running.delete(child);
  if (running.size === 0) for (const signal of SIGNALS) process.off(signal, onSignal);
}

/**
 * Resolves with the exit code (null when killed), whether the bound ended it, and the last lines.
 * Options: `cwd`, `env`, `boundMs`, `onLine(line)`, `echo` (show the output as it comes), `inherit` (a descriptor).
 */
export function execute(command, args, { cwd, env = process.env, boundMs, onLine, echo, inherit }) {
  return new Promise((resolve, reject) => {
    const output = echo ? 'inherit' : 'pipe';
    const stdio = ['ignore', output, output, ...(inherit === undefined ? [] : [inherit])];
    const child = spawn(command, args, { cwd, env, stdio, detached: true });
    const tail = [];
    const keep = (line) => {
      if (!line.trim()) return;
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', keep);
    own(child);
    let late = false;
    const bound = setTimeout(() => {
      late = true;
      killGroup(child);
    }, boundMs);
    const ended = () => {
      clearTimeout(bound);
      disown(child);
    };
    child.on('error', (error) => {
      ended();
      reject(error);
    });
    child.on('close', (code) => {
      ended();
      resolve({ code, late, tail });
    });
  });
}

/** Runs a set-up tool; anything but success is a SetupError that ends with `advice`. */
export async function run(command, args, { advice, ...options }) {
  const shown = [command, ...args].join(' ');
  const { code, late, tail } = await execute(command, args, options).catch((error) => {
    throw new SetupError(`${command} could not be started (${error.code ?? error.message}): ${advice}`);
  });
  if (late) throw new SetupError(`not done after ${options.boundMs / 60_000} minutes: ${shown}: ${advice}`, tail);
  const how = code === null ? 'killed' : `exit ${code}`;
  if (code !== 0) throw new SetupError(`failed (${how}): ${shown}: ${advice}`, tail);
}
