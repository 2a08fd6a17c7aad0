/** Finds a Python that can make the virtual environment. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError } from './command.mjs';

export const SUPPORTED = { major: 3, minMinor: 11, maxMinor: 13 };
const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11'];
const BOUND_MS = 20_000;

// Debian ships `venv` without `ensurepip`, and some builds ship `ensurepip` without its wheels: version() needs them.
const PROBE = `
import json, platform, sys
missing = []
try:
    import venv
except ImportError:
    missing.append("venv")
try:
    import ensurepip
    ensurepip.version()
except Exception:
    missing.append("ensurepip")
print(json.dumps({"version": platform.python_version(), "missing": missing}))
`;

/** Every file of that name on PATH, in order: behind a shim that fails there may be one that works. */
function onPath(name, env) {
  const paths = (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));
  return paths.filter((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why this Python will not do, or null. */
function objection({ version, missing }) {
  const [major, minor] = version.split('.').map(Number);
  if (major !== SUPPORTED.major || minor < SUPPORTED.minMinor || minor > SUPPORTED.maxMinor) return `is ${version}`;
  if (missing.length > 0) return `is ${version} without ${missing.join(' and ')}`;
  return null;
}

/** `{version, missing}`, or null when it does not run. Run for real: a shim may exist and fail. */
async function probe(path, env) {
  try {
    const { stdout } = await promisify(execFile)(path, ['-I', '-c', PROBE], { env, timeout: BOUND_MS });
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}

const RANGE = `${SUPPORTED.major}.${SUPPORTED.minMinor} to ${SUPPORTED.major}.${SUPPORTED.maxMinor}`;
const REMEDY = 'on Debian or Ubuntu: apt install python3 python3-venv; elsewhere set AZR_PYTHON to the path of one';

/** `{path, version}` of the first Python that will do. AZR_PYTHON, where set, is the only one looked at. */
export async function findPython(env = process.env) {
  const asked = env.AZR_PYTHON;
  const names = asked ? [asked] : NAMES;
  const candidates = names.flatMap((name) => (name.includes('/') ? [name] : onPath(name, env)));
  const tried = [];
  for (const path of new Set(candidates)) {
    const found = await probe(path, env);
    const reason = found ? objection(found) : 'does not run';
    if (!reason) return { path, version: found.version };
    tried.push(`${path} ${reason}`);
  }
  const seen = tried.length > 0 ? tried.join(', ') : 'none was found on PATH';
  throw new SetupError(
    asked
      ? `AZR_PYTHON=${asked} will not do (${seen}): Python ${RANGE} with venv and ensurepip is needed`
      : `no Python ${RANGE} with venv and ensurepip (${seen}); ${REMEDY}`,
  );
}
