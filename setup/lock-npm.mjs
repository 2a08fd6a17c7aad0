/**
 * `npm run lock:npm`: npm install, then the entries for other platforms that npm leaves out of the lock file when the
 * registry at hand does not serve them, and without which `npm ci` refuses the lock file. They carry no integrity.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { run, SetupError } from './command.mjs';

const LOCK = 'package-lock.json';
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = { armv7: 'arm' };
const LIBCS = { gnu: 'glibc', glibc: 'glibc', musl: 'musl' };

/** From a name such as `@swc/core-linux-arm64-musl`; a package of no known system is a fault to look into. */
function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const at = words.findIndex((word) => SYSTEMS.includes(word));
  if (at < 0 || !words[at + 1]) throw new SetupError(`${LOCK}: cannot tell the platform of ${name}: add it by hand`);
  const [system, processor, libc] = words.slice(at);
  return {
    cpu: [PROCESSORS[processor] ?? processor],
    ...(LIBCS[libc] && { libc: [LIBCS[libc]] }),
    os: [system],
  };
}

function complete(lock) {
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (lock.packages[`${path}/node_modules/${name}`] || lock.packages[`node_modules/${name}`]) continue;
      lock.packages[`node_modules/${name}`] = { version, ...(dev && { dev }), optional: true, ...platformOf(name) };
    }
  }
  const [root, ...others] = Object.entries(lock.packages);
  lock.packages = Object.fromEntries([root, ...others.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

const advice = 'mend package.json or the registry settings';
await run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { boundMs: 600_000, advice });
const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
complete(lock);
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
