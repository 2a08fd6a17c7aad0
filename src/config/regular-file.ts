import { readFileSync, statSync } from 'node:fs';

const LARGEST_FILE = 512 * 1024 * 1024;

/**
 * The bytes of a file that someone named. A pipe or a device may never end, and what says that it is empty is not read.
 * @throws Error that says what is wrong with it, without its name
 */
export function readRegularFile(file: string): Buffer {
  const stats = statSync(file);
  if (!stats.isFile()) throw new Error('it is no regular file');
  if (stats.size > LARGEST_FILE) throw new Error(`it has more than ${LARGEST_FILE} bytes`);
  return stats.size === 0 ? Buffer.alloc(0) : readFileSync(file);
}
