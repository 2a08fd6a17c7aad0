import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const ROTATE_BYTES = 16 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;
const TAIL_LINES = 20;

/** Keeps one older file: logs never take more than twice the limit. */
function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_BYTES) renameSync(file, `${file}.1`);
}

/** A child's log. The child writes to it directly, so that its last words are there even if its owner is not. */
export class ChildLog {
  readonly descriptor: number;
  private readonly start: number;

  constructor(readonly file: string) {
    rotate(file);
    this.descriptor = openSync(file, 'a', 0o600);
    this.start = fstatSync(this.descriptor).size;
  }

  /** Up to 20 last lines that were written since this log was opened, blank ones left out. */
  lastLines(): string[] {
    const reader = openSync(this.file, 'r');
    try {
      const { size } = fstatSync(reader);
      const from = Math.max(this.start, size - TAIL_BYTES);
      const bytes = Buffer.alloc(Math.max(0, size - from));
      readSync(reader, bytes, 0, bytes.length, from);
      return bytes
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim())
        .slice(-TAIL_LINES);
    } finally {
      closeSync(reader);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
