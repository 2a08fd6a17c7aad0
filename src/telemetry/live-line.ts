import type { Writable } from 'node:stream';

/** What the live line needs of a terminal. */
export interface LineStream extends Pick<Writable, 'write'> {
  isTTY?: boolean;
  columns?: number;
}

/**
 * Progress on standard error: on a terminal one line that is drawn again in place, elsewhere whole lines only.
 * Lines that stay push the live line down.
 */
export class LiveLine {
  private shown = '';

  constructor(private readonly stream: LineStream) {}

  get live(): boolean {
    return this.stream.isTTY === true;
  }

  /** Replaces the live line; does nothing where there is no terminal. */
  show(text: string): void {
    if (!this.live) return;
    const width = (this.stream.columns ?? 80) - 1;
    this.shown = text.slice(0, width);
    this.stream.write(`\r\x1b[2K${this.shown}`);
  }

  /** Writes a line that stays. */
  print(line: string): void {
    const clear = this.live && this.shown !== '' ? '\r\x1b[2K' : '';
    this.stream.write(`${clear}${line}\n`);
    if (this.live && this.shown !== '') this.stream.write(this.shown);
  }

  /** Leaves the live line behind. */
  clear(): void {
    if (this.live && this.shown !== '') this.stream.write('\r\x1b[2K');
    this.shown = '';
  }
}
