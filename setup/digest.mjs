/** What a step is keyed on: the contents of its inputs, never their times. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const skipped = (name) => name.startsWith('.') || name === '__pycache__';

/** Paths, relative to `root`, of the files under `path` (a file or a folder; absent: none), in a fixed order. */
export function filesUnder(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => !skipped(name))
    .sort()
    .flatMap((name) => filesUnder(root, join(path, name)));
}

/** SHA-256 over names and contents of the files under `paths`, and over `values`. */
export function digestOf(root, paths, values = []) {
  const hash = createHash('sha256').update(JSON.stringify(values));
  for (const file of paths.flatMap((path) => filesUnder(root, path))) {
    const content = readFileSync(join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
