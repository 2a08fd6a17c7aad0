import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PYTHON } from '../../../src/embedded/installation';

/** A text, with what we say of it; see `oracle/__main__.py`. */
export interface OracleText {
  readonly kind: 'value' | 'arguments';
  readonly text: string;
  /** Its canonical text, null where it is refused. */
  readonly ours: string | null;
  /** What the executor would be sent, base64. */
  readonly marshalled?: string;
}

/** Indices of two accepted texts, and whether their values are equal in the two modes. */
export type OraclePair = readonly [first: number, second: number, strict: boolean, python: boolean];

export interface Disagreement {
  readonly text: string;
  readonly what: string;
}

export interface OracleAnswer {
  readonly disagreements: readonly Disagreement[];
  /** What the executor writes of each text's value; null where it is refused or has no literal. */
  readonly literals: readonly (string | null)[];
  /** CPython's version. */
  readonly python: string;
}

/** The longest that one batch may take. */
const BOUND_MS = 300_000;

/** CPython as a process of its own, which reads the grammar by itself and says where it disagrees with us. */
export class Oracle {
  private readonly process: ChildProcess & { stdin: Writable; stdout: Readable };
  private readonly answers: AsyncIterator<string>;

  constructor() {
    this.process = spawn(PYTHON, ['-I', '-B', join(__dirname, 'oracle')], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdin.on('error', () => undefined); // its end is seen where an answer is missing
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** One question at a time. @throws Error if the process ends, or takes longer than five minutes */
  async ask(texts: readonly OracleText[], pairs: readonly OraclePair[] = []): Promise<OracleAnswer> {
    const late = setTimeout(() => this.process.kill('SIGKILL'), BOUND_MS);
    try {
      this.process.stdin.write(`${JSON.stringify({ texts, pairs })}\n`);
      const { value, done } = await this.answers.next();
      if (done === true) throw new Error(`the oracle ended within a batch (${this.process.signalCode ?? 'by itself'})`);
      return JSON.parse(value) as OracleAnswer;
    } finally {
      clearTimeout(late);
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }
}
