import { closeSync, openSync, readSync } from 'node:fs';
import { regularFileSize } from '../config/regular-file';
import { AzrError, messageOf } from '../domain/errors';

/** Bytes that are read at a time. */
const CHUNK = 1 << 16;
const LINE_FEED = 0x0a;

/** What stands between two line feeds. */
export interface ByteLine {
  /** 1 for the first. */
  line: number;
  /** Undefined of a line that is longer than it may be. */
  bytes: Buffer | undefined;
  /** Whether a line feed follows. */
  isEnded: boolean;
}

/**
 * The lines of a file, read as they are asked for: in memory is one of them, of at most `longest` bytes.
 * @throws AzrError naming the file, when it cannot be read
 */
export function* byteLines(file: string, longest: number): Generator<ByteLine, void, undefined> {
  const pending = new PendingLine(longest);
  let line = 1;
  for (const chunk of chunks(file)) {
    let from = 0;
    for (let to; (to = chunk.indexOf(LINE_FEED, from)) >= 0; from = to + 1) {
      pending.add(chunk.subarray(from, to));
      yield { line: line++, bytes: pending.take(), isEnded: true };
    }
    pending.add(chunk.subarray(from));
  }
  yield { line, bytes: pending.take(), isEnded: false };
}

/** What `read` gives. @throws AzrError that names the file, and why it cannot be read */
export function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new AzrError('invalid', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** The file's bytes; each chunk lies where the one before it lay. */
function* chunks(file: string): Generator<Buffer, void, undefined> {
  // What says that it is empty is not read: it may be a device that never ends.
  if (reading(file, () => regularFileSize(file)) === 0) return;
  const descriptor = reading(file, () => openSync(file, 'r'));
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let size; (size = reading(file, () => readSync(descriptor, buffer))) > 0;) yield buffer.subarray(0, size);
  } finally {
    closeSync(descriptor);
  }
}

/** A line of which more may come. */
class PendingLine {
  private parts: Buffer[] = [];
  private size = 0;

  constructor(private readonly longest: number) {}

  add(bytes: Buffer): void {
    this.size += bytes.length;
    if (this.size > this.longest) this.parts = [];
    else this.parts.push(Buffer.from(bytes));
  }

  take(): Buffer | undefined {
    const { parts, size } = this;
    this.parts = [];
    this.size = 0;
    return size > this.longest ? undefined : Buffer.concat(parts);
  }
}
