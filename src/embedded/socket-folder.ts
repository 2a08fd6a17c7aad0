import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket's path has 107 bytes at most. Ray uses 67 of them below a folder of its own, and that takes 28. */
const LONGEST_PARENT = 12;

/** Whether it is a folder of this user's that nobody else can look into. */
function isPrivate(folder: string): boolean {
  const stat = lstatSync(folder);
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}

/**
 * An empty private folder with a short path. Its name follows from `key`, so that what a killed process left behind
 * is found and cleared by the next one; the caller sees to it that there is one at a time.
 */
export function makeSocketFolder(key: string): string {
  const parent = tmpdir().length <= LONGEST_PARENT ? tmpdir() : '/tmp';
  const name = createHash('sha256').update(`${process.getuid?.()}-${key}`).digest('hex').slice(0, 10);
  const folder = join(parent, `azr-${name}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // Taken by someone else: a name that nobody could foresee.
    if (!isPrivate(folder)) return mkdtempSync(join(parent, 'azr-'));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
  }
  return folder;
}
