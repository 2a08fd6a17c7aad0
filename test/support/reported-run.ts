import type { TaskType } from '../../src/domain/task/task';
import { byType } from '../../src/domain/task/task';
import type { EpisodeTally, ReportSample, ReportSource } from '../../src/report/ports';
import type { RunRecord } from '../../src/runs/ports';
import type { EvaluationResult } from '../../src/selfplay/evaluation-result';
import type { RunEvent } from '../../src/selfplay/run-event';
import { specWith } from './specs';
import { stepEvent } from './step-event';

export const runRecord = (changes: Partial<RunRecord> = {}): RunRecord => ({
  ...{ id: 'r1', state: 'finished', step: 3, spentSeconds: 9, budget: { sinceStep: 0 }, detail: '' },
  settings: JSON.parse(JSON.stringify(specWith())) as Record<string, unknown>,
  ...{ createdAt: new Date('2026-01-02T03:04:05Z'), jail: { tier: 2, pythonVersion: '3.11.7' }, lastSequence: 1 },
  ...changes,
});

export const evaluation = (policyVersion: number, solved: number): EvaluationResult => ({
  ...{ policyVersion, seconds: 2, sequencesGenerated: 100, tokensGenerated: 1_000 },
  solveRate: byType((type) =>
    type === 'deduction' ? { solved, samples: 100, rate: solved / 100 } : { solved: 0, samples: 0, rate: 0 },
  ),
  benchmarks: { 'cruxeval-output': { solved, samples: 200, rate: solved / 200 } },
});

export const evaluated = (policyVersion: number, solved: number): RunEvent => ({
  ...{ kind: 'evaluation', step: policyVersion, result: evaluation(policyVersion, solved) },
});

/** The step of `stepEvent` at another place of the run. */
export const stepAt = (step: number): Extract<RunEvent, { kind: 'step' }> => ({ ...stepEvent, step });

const tally = (step: number, role: EpisodeTally['role'], type: TaskType): EpisodeTally => ({
  ...{ step, role, type, episodes: 8, responseTokens: 80, accepted: 4, learnable: 3, firstSamples: 4, reasoned: 1 },
});

const program = 'def f(x):\n x=x+1\n if x>2:\n  x=x[1:]\n return x';

/** A sample task of which every text that a policy writes is `text`. */
export function sampleOf(type: 'deduction' | 'induction', step: number, text: string): ReportSample {
  const shown = { prompt: text, response: `${text}</think>${text}`, reward: 1 };
  const pairs = [1, 2, 3].map((n) => ({ input: `${text}${n}`, output: text }));
  return {
    ...{ step, solveRate: 0.5 },
    task:
      type === 'induction'
        ? { id: 'i', type, program: text, pairs, message: text }
        : { id: 'd', type, program: text, input: text, output: text },
    proposal: { ...shown, outcome: 'accepted' },
    answers: [
      { ...shown, outcome: 'correct' },
      { ...shown, response: text, outcome: 'malformed', reason: 'malformed', detail: text, reward: -1 },
    ],
  };
}

/** A source of these events, which may become more, two at a time; every step has the same episodes and programs. */
export function scriptedSource(events: readonly RunEvent[], samples: readonly ReportSample[] = []): ReportSource {
  const stored = () => events.map((event, i) => ({ sequence: i + 1, at: 1_000 * (i + 1), event }));
  const steps = (first: number, last: number): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return {
    eventsAfter: (_run, sequence) =>
      Promise.resolve(
        stored()
          .filter((it) => it.sequence > sequence)
          .slice(0, 2),
      ),
    episodeTallies: (_run, { first, last }) =>
      Promise.resolve(
        steps(first, last).flatMap((step) => [
          tally(step, 'proposer', 'deduction'),
          tally(step, 'solver', 'deduction'),
        ]),
      ),
    admittedPrograms: (_run, { first, last }) => Promise.resolve(steps(first, last).map((step) => ({ step, program }))),
    samples: (_run, { first, last }) => Promise.resolve(samples.filter(({ step }) => step >= first && step <= last)),
  };
}
