import { readFileSync, statSync } from 'node:fs';

/** Bytes of a file that is held in memory. */
const LARGEST_FILE = 512 * 1024 * 1024;

/**
 * The size in bytes of a file that someone named. A pipe or a device may never end.
 * @throws Error that says what is wrong with it, without its name
 */
export function regularFileSize(file: string): number {
  const stats = statSync(file);
  if (!stats.isFile()) throw new Error('it is no regular file');
  return stats.size;
}

/** The same, for a file that is to be held in memory. @throws Error also where it is too large for that */
export function loadableFileSize(file: string): number {
  const size = regularFileSize(file);
  if (size > LARGEST_FILE) throw new Error(`it has more than ${LARGEST_FILE} bytes`);
  return size;
}

/** Its bytes; what says that it is empty is not read. @throws as `loadableFileSize` */
export const readRegularFile = (file: string): Buffer =>
  loadableFileSize(file) === 0 ? Buffer.alloc(0) : readFileSync(file);
