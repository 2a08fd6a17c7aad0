import { byType, type TaskType } from '../domain/task/task';
import type { RunSummary } from '../selfplay/run-summary';
import { LiveLine } from './live-line';
import { reportText } from './report';
import { reportJson } from './report-json';
import { duration, printable } from './words';

const rate = (solved: number, samples: number) => ({ solved, samples, rate: samples ? solved / samples : 0 });
const only = <T>(value: T, other: T) => byType((type: TaskType) => (type === 'deduction' ? value : other));
const evaluation = (policyVersion: number, solved: number) => ({
  ...{ policyVersion, seconds: 1, sequencesGenerated: 100, tokensGenerated: 1_000 },
  solveRate: only(rate(solved, 100), rate(0, 0)),
  benchmarks: { 'cruxeval-output': rate(solved, 200) },
});
const summary: RunSummary = {
  ...{ runId: 'r1', types: ['deduction', 'abduction'], state: 'finished', steps: 2, policyVersion: 2 },
  tasks: only(
    { proposed: 32, valid: 30, admitted: 29, buffer: 93 },
    { proposed: 0, valid: 0, admitted: 0, buffer: 64 },
  ),
  solveRate: only(rate(60, 240), rate(0, 0)),
  rewards: { proposer: only<number | null>(0.25, null), solver: only<number | null>(null, null) },
  rejections: { duplicate: 1, timeout: 1 },
  sequences: {
    proposer: only({ generated: 32, trained: 32 }, { generated: 0, trained: 0 }),
    solver: only({ generated: 240, trained: 64 }, { generated: 0, trained: 0 }),
  },
  purposes: { propose: 32, estimate: 176, solve: 64 },
  beside: { seed: 64, evaluate: 768 },
  seeding: ['mine, line 2 is left out: syntax_error'],
  heldOut: { temperature: 1, before: evaluation(0, 20), between: [evaluation(1, 30)], after: evaluation(2, 40) },
  ...{ sequencesGenerated: 272, sequencesTrained: 96, tokensGenerated: 9_876 },
  health: {
    ...{ newShare: 0.75, repeatShare: 0.125, toldShare: 0.0625, outputTypes: { int: 20, list: 10 }, entropy: 0.5 },
    responseTokens: { proposer: 12, solver: null },
    bufferAge: 1.5,
  },
  alarms: [{ name: 'diversity', message: 'only 10.0% are distinct', step: 2 }],
  seconds: { rollout: 4, update: 1.25 },
  ...{ checkpoint: '/c', exported: '/p' },
  samples: [
    {
      ...{ step: 2, solveRate: 0.5 },
      task: { id: 't', type: 'deduction', program: 'def f(x):\n return x', input: '1', output: '1' },
      answers: [{ response: '</think>1\u001b[2J', correct: true }],
    },
    {
      ...{ step: 2, solveRate: 0, answers: [] },
      task: {
        ...{ id: 'i', type: 'induction', program: 'def f(x):\n return x', message: 'Find f.' },
        pairs: ['1', '2', '3'].map((text) => ({ input: text, output: text })),
      },
    },
  ],
};

describe('the report', () => {
  it('says what was gained, with intervals, and where things lie', () => {
    const text = reportText(summary, 75);
    expect(text).toContain('2 steps in 1:15, now at policy v2 (finished)');
    expect(text).toContain('before v0  deduction 20.0% (13.3% to 28.9%, 100 samples)');
    expect(text).toContain('v1  deduction 30.0%');
    expect(text).toContain('after  v2  deduction 40.0%');
    expect(text).toContain('after  v2  cruxeval-output 20.0%');
    expect(text).toContain('32 proposed, 30 valid, 29 admitted, 93 in the buffer');
    expect(text).toContain('not valid: 1 duplicate, 1 timeout');
    expect(text).toContain('rollout 4.0 s, update 1.3 s');
    expect(text).toContain('/c');
  });

  it('says how much of what was generated was trained on, by role and type, and what it was for', () => {
    const text = reportText(summary, 75);
    expect(text).toContain('96 trained on of 272 generated (35.3%), 9,876 tokens');
    expect(text).toContain('solver: deduction 64/240, abduction 0/0');
    expect(text).toContain('asked for: 32 to propose, 176 to estimate, 64 to solve');
    expect(text).toContain('beside the steps: 768 to evaluate, 64 to seed');
  });

  it('says how healthy self-play is, and what alarms there were', () => {
    const text = reportText(summary, 75);
    expect(text).toContain('step 2, diversity: only 10.0% are distinct');
    expect(text).toContain('75.0% of the proposed programs new, 12.5% of the proposals repeats');
    expect(text).toContain('6.3% of the valid tasks tell their answer in a comment');
    expect(text).toContain('entropy 0.50 nats, responses of 12.00 tokens (proposer) and – (solver)');
    expect(text).toContain('outputs: 20 int, 10 list');
  });

  it('shows of an induction task what was shown and what was hidden', () => {
    const text = reportText(summary, 75);
    expect(text).toContain('shown: f(1) = 1\n    hidden: f(2) = 2\n    hidden: f(3) = 3\n    message: Find f.');
  });

  it('shows control characters that a policy wrote, and does not send them to the terminal', () => {
    expect(reportText(summary, 75)).toContain('right: </think>1\\u001b[2J');
    expect(printable('a\nb\r\u009b\u202e')).toBe('a\nb\\u000d\\u009b\\u202e');
  });

  it('as JSON holds the run’s types, with null where nothing was measured, never NaN', () => {
    const nothing = { temperature: 1, between: [] };
    expect(reportJson({ ...summary, heldOut: nothing }, 75)).toMatchObject({
      solveRate: { deduction: 0.25, abduction: null },
      heldOut: { before: { deduction: null, abduction: null } },
      heldOutIntervals: { after: { deduction: null } },
    });
    const json = reportJson(summary, 75) as Record<string, object>;
    expect(Object.keys(json['tasks']!)).toEqual(['deduction', 'abduction']);
    expect(json['rejections']).toEqual({ duplicate: 1, timeout: 1 });
    expect(json).toMatchObject({
      heldOut: { before: { deduction: 0.2, abduction: null }, after: { deduction: 0.4 } },
      benchmarks: { after: { 'cruxeval-output': 0.2 } },
      evaluations: [{ policyVersion: 1, solveRate: { deduction: 0.3 }, benchmarks: { 'cruxeval-output': 0.15 } }],
      policy: '/p',
    });
  });
});

describe('the live line', () => {
  const written = (isTTY: boolean) => {
    const chunks: string[] = [];
    const stream = { write: (chunk: string) => chunks.push(chunk) > 0, isTTY, columns: 10 };
    return { chunks, line: new LiveLine(stream as never) };
  };

  it('is drawn in place, cut to the terminal, and stays below printed lines', () => {
    const { chunks, line } = written(true);
    line.show('0123456789abc');
    line.print('done');
    expect(chunks.join('')).toBe('\r\x1b[2K012345678\r\x1b[2Kdone\n012345678');
  });

  it('is not drawn where there is no terminal', () => {
    const { chunks, line } = written(false);
    line.show('working');
    line.print('done');
    expect(chunks).toEqual(['done\n']);
  });
});

test('durations are minutes and seconds', () => {
  expect([0, 59.6, 75, 3_600].map(duration)).toEqual(['0:00', '1:00', '1:15', '60:00']);
});
