import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AzrError, messageOf } from '../domain/errors';

/** No descriptor: what is written to it fails. */
const NO_FILE = -1;

/**
 * A file that appears whole or not at all, in the place of one that was there: until it is finished, what it will hold
 * is in a hidden file beside it. Every method throws AzrError that names the file where it cannot be written.
 */
export class WholeFile {
  /** Lines of JSON that were written. */
  lines = 0;
  private readonly target: string;
  private readonly temporary: string;
  private descriptor: number;

  constructor(private readonly file: string) {
    const target = this.writing(() => targetOf(file));
    this.target = target;
    this.temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    this.descriptor = this.writing(() => openSync(this.temporary, 'w'));
  }

  /** A line of JSON. */
  write(row: object): void {
    this.writeText(`${JSON.stringify(row)}\n`);
    this.lines += 1;
  }

  writeText(text: string): void {
    this.writing(() => writeFileSync(this.descriptor, text));
  }

  finish(): void {
    this.writing(() => {
      fsyncSync(this.descriptor);
      renameSync(this.temporary, this.target);
    });
  }

  /** Leaves nothing behind but the file, if it was finished. */
  close(): void {
    closeSync(this.descriptor);
    this.descriptor = NO_FILE; // the number may be another file's soon
    rmSync(this.temporary, { force: true });
  }

  private writing<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw new AzrError('invalid', `${this.file} cannot be written: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** The file itself where a link was named. */
function targetOf(file: string): string {
  if (!existsSync(file)) return resolve(file);
  const target = realpathSync(file);
  // A device or a pipe would be replaced, not written to.
  if (!statSync(target).isFile()) throw new Error('it is there already and is not a file');
  return target;
}
