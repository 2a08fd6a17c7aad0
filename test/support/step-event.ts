import { byType } from '../../src/domain/task/task';
import type { RunEvent } from '../../src/selfplay/run-event';

const lengths = { mean: 5, max: 9, cutShare: 0.5 };

/** A step by made-up numbers, with a cell that nobody rewarded. */
export const stepEvent: Extract<RunEvent, { kind: 'step' }> = {
  kind: 'step',
  step: 1,
  bufferSize: 12,
  outcome: {
    tasks: byType(() => ({ proposed: 4, valid: 3, admitted: 2 })),
    solveRate: byType(() => ({ solved: 1, samples: 8, rate: 0.125 })),
    rewards: { proposer: byType(() => 0.5), solver: byType(() => null) },
    rejections: { timeout: 2 },
    sequences: {
      proposer: byType(() => ({ generated: 4, trained: 4 })),
      solver: byType(() => ({ generated: 8, trained: 6 })),
    },
    purposes: { propose: 16, estimate: 32, solve: 0 },
    ...{ sequencesGenerated: 48, sequencesTrained: 40, tokensGenerated: 999 },
    health: {
      ...{ programs: 4, repeats: 1, newPrograms: 3, toldInComment: 1, outputTypes: { int: 3 } },
      ...{ malformedAtEnd: 0, bufferAge: 2.5 },
      responseTokens: { proposer: lengths, solver: lengths },
    },
    seconds: { rollout: 0.5 },
  },
  update: {
    ...{ loss: 0.25, gradientNorm: 1, entropy: 2, clipFractionLow: 0, clipFractionHigh: 0, ratioMin: 1, ratioMax: 1 },
    ...{ klUpdate: 0.1, maskedShare: 0, mismatchMean: 0, mismatchMax: 0, mismatchKl: 0 },
    ...{ responseTokens: 100, totalTokens: 200, optimizerSteps: 1, skippedSteps: 0, seconds: 0.3 },
    ...{ tokensPerSecond: 667, paddingShare: 0, sharedShare: 0.3, peakMemoryBytes: 1e9 },
  },
};
