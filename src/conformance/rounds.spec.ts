import type { Play } from './play';
import { repeated } from './rounds';

const fault = { expected: 'a', got: 'b' };
const play = (outcomes: string[], faults = [] as Play['faults'], doubts = [] as Play['doubts']): Play => ({
  outcomes,
  faults,
  doubts,
});

describe('a case that was played twice', () => {
  it('passes when it passes twice, with the same outcomes', () => {
    expect(repeated(play(['accepted']), play(['accepted']))).toEqual(play(['accepted']));
  });

  it('fails when the outcomes differ, though each is allowed', () => {
    const { faults } = repeated(play(['accepted', 'correct']), play(['rejected', 'correct']));
    expect(faults).toEqual([
      { expected: 'the same again in a fresh verifier: accepted, correct', got: 'rejected, correct' },
    ]);
  });

  it.each([
    [play(['rejected'], [fault]), play(['accepted'])],
    [play(['accepted']), play(['accepted'], [fault])],
  ])('fails for what was wrong in either: %j %j', (first, second) => {
    expect(repeated(first, second).faults).toEqual([fault]);
  });

  it('was late when it was late twice over in either', () => {
    expect(repeated(play(['timeout'], [], [fault]), play(['timeout'])).doubts).toEqual([fault]);
  });
});
