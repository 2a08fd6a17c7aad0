import { LAUNCHER, PYTHON } from './installation';

/** How a program is kept from seeing user id 0; see launch.py. */
export type NotRoot = 'auto' | 'user';

export interface LaunchOptions {
  /** Sent by the kernel when this process ends. */
  deathSignal: NodeJS.Signals;
  notRoot: NotRoot;
  /** Folder that is given to the account that the program runs as, where that is another one. */
  owns: string;
  /** File that no two launched programs, nor children of theirs, hold at once. */
  lock: string;
}

/** The command line that starts `command` through launch.py, as a child of this process. */
export function launchCommand(options: LaunchOptions, command: readonly string[]): { command: string; args: string[] } {
  const { deathSignal, notRoot, owns, lock } = options;
  const settings = ['--owner', `${process.pid}`, '--signal', deathSignal, '--not-root', notRoot, '--owns', owns];
  return { command: PYTHON, args: ['-I', LAUNCHER, ...settings, '--lock', lock, '--', ...command] };
}
