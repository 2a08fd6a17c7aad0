import fc from 'fast-check';
import { advantagesOf } from '.';
import { ROLES, TASK_TYPES } from '../task/task';
import { ESTIMATORS, WEIGHTINGS, type Estimator, type Rewarded } from './advantage';

/** A solver's sample of a deduction prompt. */
const sample = (group: string, reward: number, length = 1): Rewarded => ({
  ...{ role: 'solver', type: 'deduction', group, reward, length },
});

/** A proposal: the only sample of its prompt. */
const proposal = (group: string, reward: number, length = 1): Rewarded => ({
  ...{ role: 'proposer', type: 'abduction', group, reward, length },
});

const expectClose = (found: readonly number[], expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  found.forEach((advantage, i) => expect(advantage).toBeCloseTo(expected[i]!, 10));
};

describe('REINFORCE++', () => {
  it('compares every episode with the whole batch', () => {
    // μ = (1 + 3 − 1 − 3)/4 = 0, σ² = (1 + 9 + 1 + 9)/4 = 5
    const batch = [sample('a', 1), proposal('p', 3), sample('b', -1), proposal('q', -3)];
    expectClose(
      advantagesOf(batch, 'reinforce++', 'sequence'),
      [1, 3, -1, -3].map((reward) => reward / Math.sqrt(5)),
    );
  });
});

describe('GRPO', () => {
  it('compares the samples of a prompt', () => {
    // a: μ = 0.5, σ = 0.5; b: μ = 0.25, σ² = 0.1875
    const batch = [sample('a', 1), sample('b', 1), sample('a', 0), sample('b', 0), sample('b', 0), sample('b', 0)];
    const spread = Math.sqrt(0.1875);
    const failed = -0.25 / spread;
    expectClose(advantagesOf(batch, 'grpo', 'sequence'), [1, 0.75 / spread, -1, failed, failed, failed]);
  });

  it('compares the only sample of a prompt with its role and type', () => {
    const batch = [proposal('p', 2), sample('a', 7), sample('a', 9), proposal('q', 4)];
    expectClose(advantagesOf(batch, 'grpo', 'sequence'), [-1, -1, 1, 1]);
  });

  it('gives 0 where all samples of a prompt earn the same', () => {
    const batch = [sample('a', 1), sample('a', 1), sample('b', 0), sample('b', 1)];
    expectClose(advantagesOf(batch, 'grpo', 'sequence'), [0, 0, -1, 1]);
  });
});

describe('RLOO', () => {
  it('takes from a reward the mean of the prompt’s other samples', () => {
    // 1 − (0 + 0.5)/2, 0 − (1 + 0.5)/2, 0.5 − (1 + 0)/2
    const batch = [sample('a', 1), sample('a', 0), sample('a', 0.5), sample('b', 5), sample('b', 3)];
    expectClose(advantagesOf(batch, 'rloo', 'sequence'), [0.75, -0.75, 0, 2, -2]);
  });

  it('takes the others of the role and type for the only sample of a prompt, and 0 where there are none', () => {
    const batch = [
      proposal('p', 1),
      proposal('q', 0.5),
      proposal('r', 0),
      { ...sample('a', 1), type: 'error' } as const,
    ];
    expectClose(advantagesOf(batch, 'rloo', 'sequence'), [1 - 0.25, 0, 0 - 0.75, 0]);
  });

  it('weighs the others by their response tokens when weighting is token', () => {
    // 1 − (1·0 + 3·0.4)/4, 0 − (2·1 + 3·0.4)/5, 0.4 − (2·1 + 1·0)/3
    const batch = [sample('a', 1, 2), sample('a', 0, 1), sample('a', 0.4, 3)];
    expectClose(advantagesOf(batch, 'rloo', 'token'), [0.7, -0.64, 0.4 - 2 / 3]);
  });
});

const episode = fc.record<Rewarded>({
  role: fc.constantFrom(...ROLES),
  type: fc.constantFrom(...TASK_TYPES),
  group: fc.constantFrom('a', 'b', 'c', 'd'),
  reward: fc.oneof(fc.constantFrom(-1, -0.5, 0, 1), fc.double({ min: -2, max: 2, noNaN: true })),
  length: fc.nat(9),
});
/** A prompt has one role and type. */
const batches = fc
  .array(episode, { maxLength: 30 })
  .map((all) => all.map((one) => ({ ...one, group: `${one.role}/${one.type}/${one.group}` })));

describe.each(ESTIMATORS)('%s', (estimator: Estimator) => {
  it.each(WEIGHTINGS)('gives a finite advantage to every episode, weighted by %s', (weighting) => {
    fc.assert(
      fc.property(batches, (batch) => {
        const advantages = advantagesOf(batch, estimator, weighting);
        expect(advantages).toHaveLength(batch.length);
        expect(advantages.every(Number.isFinite)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it('gives the same whatever the order of the episodes', () => {
    fc.assert(
      fc.property(batches, fc.nat(100), (batch, by) => {
        const rotate = <T>(all: readonly T[]): T[] => [
          ...all.slice(by % (all.length || 1)),
          ...all.slice(0, by % (all.length || 1)),
        ];
        expectClose(advantagesOf(rotate(batch), estimator, 'token'), rotate(advantagesOf(batch, estimator, 'token')));
      }),
      { seed: 1 },
    );
  });

  it('gives 0 to equal rewards', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const equal = batch.map((one) => ({ ...one, reward: 0.3 }));
        expectClose(
          advantagesOf(equal, estimator, 'sequence'),
          batch.map(() => 0),
        );
      }),
      { seed: 1 },
    );
  });
});

describe('the advantages of what is compared', () => {
  const POPULATIONS: Record<Estimator, (one: Rewarded) => string> = {
    'trr++': ({ role, type }) => `${role} ${type}`,
    'reinforce++': () => '',
    grpo: ({ group }) => group,
    rloo: ({ group }) => group,
  };

  it.each(['trr++', 'reinforce++', 'grpo'] as const)('have mean 0 and variance 1 by %s', (estimator) => {
    fc.assert(
      fc.property(batches, (batch) => {
        const advantages = advantagesOf(batch, estimator, 'sequence');
        for (const members of populations(batch, POPULATIONS[estimator])) {
          if (members.length < 2 || spread(members.map((i) => batch[i]!.reward)) < 1e-3) continue;
          const own = members.map((i) => advantages[i]!);
          expect(mean(own)).toBeCloseTo(0, 6);
          expect(mean(own.map((advantage) => advantage ** 2))).toBeCloseTo(1, 6);
        }
      }),
      { seed: 1 },
    );
  });

  it('sum to 0 by RLOO', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const advantages = advantagesOf(batch, 'rloo', 'sequence');
        for (const members of populations(batch, POPULATIONS.rloo)) {
          if (members.length > 1) expect(mean(members.map((i) => advantages[i]!))).toBeCloseTo(0, 9);
        }
      }),
      { seed: 1 },
    );
  });
});

/** Indices of the episodes that have a key in common. */
function populations(batch: readonly Rewarded[], keyOf: (one: Rewarded) => string): number[][] {
  const keys = batch.map(keyOf);
  return [...new Set(keys)].map((key) => keys.flatMap((other, i) => (other === key ? [i] : [])));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
