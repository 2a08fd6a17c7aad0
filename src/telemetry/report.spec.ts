import type { RunSummary } from '../selfplay/run-summary';
import { LiveLine } from './live-line';
import { reportJson, reportText } from './report';
import { duration, printable } from './words';

const rate = (solved: number, samples: number) => ({ solved, samples, rate: samples ? solved / samples : 0 });
const evaluation = (policyVersion: number, solved: number) => ({
  ...{ policyVersion, seconds: 1, sequencesGenerated: 100, tokensGenerated: 1_000 },
  solveRate: { deduction: rate(solved, 100) },
});
const summary: RunSummary = {
  runId: 'r1',
  steps: 2,
  policyVersion: 2,
  tasks: { deduction: { proposed: 32, valid: 30, admitted: 29, buffer: 93 } },
  solveRate: { deduction: rate(60, 240) },
  rewards: { proposer: { deduction: 0.25 }, solver: { deduction: null } },
  rejections: { duplicate: 1, timeout: 1 },
  heldOut: { before: evaluation(0, 20), after: evaluation(2, 40) },
  sequencesGenerated: 272,
  sequencesTrained: 272,
  tokensGenerated: 9_876,
  seconds: { rollout: 4, update: 1.25 },
  checkpoint: '/c',
  exported: '/p',
  samples: [
    {
      ...{ type: 'deduction', step: 2, program: 'def f(x):\n return x', input: '1', output: '1', solveRate: 0.5 },
      answers: [{ response: '</think>1\u001b[2J', correct: true }],
    },
  ],
};

describe('the report', () => {
  it('says what was gained, with intervals, and where things lie', () => {
    const text = reportText(summary, 75);
    expect(text).toContain('2 steps in 1:15, now at policy v2');
    expect(text).toContain('before v0  deduction 20.0% (13.3% to 28.9%, 100 samples)');
    expect(text).toContain('after  v2  deduction 40.0%');
    expect(text).toContain('32 proposed, 30 valid, 29 admitted, 93 in the buffer');
    expect(text).toContain('rollout 4.0 s, update 1.3 s');
    expect(text).toContain('/c');
  });

  it('shows control characters that a policy wrote, and does not send them to the terminal', () => {
    expect(reportText(summary, 75)).toContain('right: </think>1\\u001b[2J');
    expect(printable('a\nb\r\u009b\u202e')).toBe('a\nb\\u000d\\u009b\\u202e');
  });

  it('as JSON has null where nothing was measured, never NaN', () => {
    const json = reportJson({ ...summary, solveRate: { deduction: rate(0, 0) }, heldOut: {} }, 75) as RunSummary;
    expect(json.solveRate).toEqual({ deduction: null });
    expect(json.heldOut).toEqual({ before: { deduction: null }, after: { deduction: null } });
    expect(json.rewards.solver).toEqual({ deduction: null });
    expect(reportJson(summary, 75)).toMatchObject({
      heldOut: { before: { deduction: 0.2 }, after: { deduction: 0.4 } },
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
