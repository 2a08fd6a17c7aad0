import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PYTHON } from '../../../src/embedded/installation';

const SCRIPT = join(__dirname, 'baseline.py');
/** Requests that a driver has at a time: one that it works on, and the next, so that it never waits for us. */
export const DEPTH = 2;

/** A process of baseline.py, with its pool of one worker. */
export class BaselineDriver {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly waiting: ((verdicts: boolean[]) => void)[] = [];
  private readonly died: Promise<never>;

  constructor() {
    this.process = spawn(PYTHON, ['-P', SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.died = once(this.process, 'exit').then(([code, signal]: unknown[]) => {
      throw new Error(`the baseline ended with ${String(code ?? signal)}`);
    });
    this.died.catch(() => undefined);
    // It may end before it has read: that is for `died` to tell.
    this.process.stdin.on('error', () => undefined);
    createInterface({ input: this.process.stdout }).on('line', (line) =>
      this.waiting.shift()!(JSON.parse(line) as boolean[]),
    );
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** The reply to one request; replies come in the order of the requests. */
  ask(request: object): Promise<boolean[]> {
    const reply = new Promise<boolean[]>((resolve) => this.waiting.push(resolve));
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    return Promise.race([reply, this.died]);
  }

  /** Its worker ends with it. */
  async stop(): Promise<void> {
    this.process.stdin.end();
    await this.died.catch(() => undefined);
  }
}
