import { scriptedStep, type Script } from '../../test/support/scripted-step';
import type { ScriptedAnswer } from '../../test/support/scripted-pool';
import { adds, cellOf, says } from '../../test/support/step-script';

describe('an estimate', () => {
  const sets = [
    'proposer.proposals={deduction: 1, abduction: 0, induction: 0, error: 0}',
    'solver.estimation.samples=4',
  ];
  const answered = (...answers: ScriptedAnswer[]) =>
    scriptedStep(sets, { 'propose/0': [adds(1, 1)], 'estimate/0/0': answers }).result();

  it('is over all the samples that were asked for, whatever became of each', async () => {
    const cut = { text: '</think>2', finished: false };
    const { outcome, episodes } = await answered({ text: '</think>2' }, { text: '2' }, cut, { text: '</think>f(1)' });
    expect(outcome.solveRate.deduction).toEqual({ solved: 1, samples: 4, rate: 1 / 4 });
    expect(cellOf(episodes, 'proposer', 'deduction')).toMatchObject([{ solveRate: 1 / 4, reward: 3 / 4 }]);
  });

  it('of types that were not sampled is 0 of 0, and no number that is none', async () => {
    const { outcome } = await answered({ text: '</think>2' });
    expect(outcome.solveRate.induction).toEqual({ solved: 0, samples: 0, rate: 0 });
    expect(JSON.stringify(outcome)).not.toMatch(/NaN/);
  });
});

describe('an adaptive estimate', () => {
  const sets = [
    'proposer.proposals={deduction: 2, abduction: 0, induction: 0, error: 0}',
    'solver.estimation={samples: 8, round: 2, settled: 0.2, priorSolved: 1, priorFailed: 1}',
  ];
  const rounds: Script = {
    'propose/0': [adds(1, 1)],
    'propose/1': [adds(2, 1)],
    'estimate/0': says(2, 0), // one of two in each round
    'estimate/1': says(3, 3), // all
  };

  it('samples until the posterior is settled, and shrinks the rate before the reward', async () => {
    const { episodes, requests, outcome } = await scriptedStep(sets, rounds).result();
    const asked = requests.filter(({ key }) => key.startsWith('estimate/'));
    // Beta(3, 1) after two right ones: sd 0.194; Beta(2, 2), (3, 3): 0.224, 0.189.
    expect(asked.map(({ key, samples }) => [key, samples])).toEqual(
      expect.arrayContaining([
        ['estimate/0/0', 2],
        ['estimate/0/1', 2],
        ['estimate/1/0', 2],
      ]),
    );
    expect(asked).toHaveLength(3);
    const [first, second] = cellOf(episodes, 'proposer', 'deduction');
    expect(first!.reward).toBe(1 - 3 / 6);
    expect(second!.reward).toBe(0); // solved by all: unlearnable, whatever the prior says
    expect(outcome.solveRate.deduction).toMatchObject({ solved: 4, samples: 6 });
  });

  it('draws each sample of a task with a seed of its own', async () => {
    const { requests } = await scriptedStep(sets, rounds).result();
    const seeds = requests.filter(({ key }) => key.startsWith('estimate/0/')).map(({ seed }) => seed);
    expect(seeds[1]).toBe(seeds[0]! + 2);
  });
});
