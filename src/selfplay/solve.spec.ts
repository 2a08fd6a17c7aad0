import { SEEDS, scriptedPool, scriptedStep } from '../../test/support/scripted-step';
import { adds, cellOf, says, SCRIPT_SETS, scriptFor } from '../../test/support/step-script';
import type { TaskType } from '../domain/task/task';
import type { Episode } from './episode';

const [seedTask] = SEEDS.ofType('deduction').map(({ id }) => id);

describe('the solver’s own batch', () => {
  const places = 'solver.tasks={deduction: 5, abduction: 1, induction: 1, error: 0}';
  const play = (batch: string) => {
    const own = scriptedStep([...SCRIPT_SETS, places, `solver.batch=${batch}`], {});
    return own.result(scriptedPool({ ...scriptFor(own.plan), solve: says(101) }));
  };
  it.each([
    ['right', { text: '</think>2' }, 'correct'],
    ['wrong', { text: '</think>3' }, 'incorrect'],
    ['no value', { text: '</think>f(1)' }, 'incorrect'],
    ['without the tags', { text: '2' }, 'malformed'],
    ['cut at the token limit', { text: '</think>2', finished: false }, 'malformed'],
  ])('gives a response that is %s the verdict that it has in an estimate', async (_, response, outcome) => {
    const one = ['proposer.proposals={deduction: 1, abduction: 0, induction: 0, error: 0}', 'solver.batch=step'];
    const sets = [...one, 'solver.tasks={deduction: 1, abduction: 0, induction: 0, error: 0}'];
    const script = { 'propose/0': [adds(1, 1)], estimate: [response], 'estimate/0': [response], solve: [response] };
    const { episodes } = await scriptedStep(sets, script).result();
    const verdicts = cellOf(episodes, 'solver', 'deduction').map(({ reason, reward, ...it }) => [
      ...[it.outcome, reason, reward],
    ]);
    expect(verdicts).toHaveLength(9);
    expect(verdicts[0]![0]).toBe(outcome);
    expect(verdicts).toEqual(verdicts.map(() => verdicts[0]));
  });

  const solvedIn = (episodes: readonly Episode[], type: TaskType) =>
    cellOf(episodes, 'solver', type).filter(({ purpose }) => purpose === 'solve');

  it('`step` answers the step’s valid tasks once, in order, and fills up from the buffer', async () => {
    const { episodes, change } = await play('step');
    const own = change.admitted.filter(({ type }) => type === 'deduction').map(({ id }) => id);
    const expected = [...own, seedTask, seedTask];
    expect(solvedIn(episodes, 'deduction').map(({ taskId }) => taskId)).toEqual(expected);
    expect(solvedIn(episodes, 'deduction').at(-1)).toMatchObject({ outcome: 'correct', reward: 1, trained: true });
    expect(solvedIn(episodes, 'induction')).toHaveLength(1); // the buffer holds none, the step found one
  });

  it('`newest` answers tasks of the buffer alone, and leaves a place open where there is none', async () => {
    const { episodes, outcome } = await play('newest');
    expect(solvedIn(episodes, 'deduction').map(({ taskId }) => taskId)).toEqual(Array(5).fill(seedTask));
    expect(solvedIn(episodes, 'induction')).toEqual([]);
    expect(outcome.purposes).toEqual({ propose: 13, estimate: 28, solve: 6 });
  });

  it('leaves the estimates out of the batch and of the baselines, and counts them', async () => {
    const { episodes, batch, outcome } = await play('newest');
    const estimates = episodes.filter(({ purpose }) => purpose === 'estimate');
    expect(estimates.every(({ trained, advantage }) => !trained && advantage === 0)).toBe(true);
    expect(batch.sequences.advantages).toHaveLength(13 + 6);
    expect(outcome).toMatchObject({ sequencesGenerated: 47, sequencesTrained: 19 });
    // One answer each of value 101: all right, so the cell has no deviation.
    expect(solvedIn(episodes, 'deduction').map(({ advantage }) => advantage)).toEqual([0, 0, 0, 0, 0]);
  });
});
