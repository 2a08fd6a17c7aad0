import { homedir } from 'node:os';

/** What a child needs to find its libraries, its language and its devices. Never the owner's keys and passwords. */
const PASSED = [
  'PATH',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'CUDA_VISIBLE_DEVICES',
  'NVIDIA_VISIBLE_DEVICES',
  'NVIDIA_DRIVER_CAPABILITIES',
];

/** The environment of a child: the few variables that are passed on, and `added`. */
export function childEnvironment(
  added: Record<string, string> = {},
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const passed = PASSED.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  return { HOME: homedir(), ...Object.fromEntries(passed), ...added };
}
