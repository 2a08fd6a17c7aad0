import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const AZR = join(__dirname, '..', '..', 'bin', 'azr.mjs');
/** Small enough for a test, and every part of a step real. */
export const SMALL = [
  'proposer.proposals={deduction: 4, abduction: 4, induction: 4, error: 0}',
  'solver.estimation.samples=4',
  'evaluation.perType=8',
].flatMap((set) => ['--set', set]);

export interface AzrResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The `azr` command as a person runs it, in a process of its own. */
export class Azr {
  readonly ended: Promise<AzrResult>;
  readonly process: ChildProcess;
  private stderr = '';
  private readonly waiting: { pattern: RegExp; resolve: () => void }[] = [];

  constructor(...args: string[]) {
    this.process = spawn(process.execPath, [AZR, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    this.process.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    this.process.stderr!.on('data', (chunk: Buffer) => this.hear(chunk.toString()));
    this.ended = new Promise((resolve) =>
      this.process.once('close', (code, signal) => resolve({ code, signal, stdout, stderr: this.stderr })),
    );
  }

  /** Resolves once standard error holds the pattern; rejects if the process ends before. */
  said(pattern: RegExp): Promise<void> {
    if (pattern.test(this.stderr)) return Promise.resolve();
    const heard = new Promise<void>((resolve) => this.waiting.push({ pattern, resolve }));
    const ended = this.ended.then(({ stderr }) => {
      throw new Error(`ended without saying ${pattern}:\n${stderr}`);
    });
    return Promise.race([heard, ended]);
  }

  private hear(text: string): void {
    this.stderr += text;
    for (const { pattern, resolve } of this.waiting) if (pattern.test(this.stderr)) resolve();
  }
}
