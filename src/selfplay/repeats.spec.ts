import { scriptedPool, scriptedStep } from '../../test/support/scripted-step';
import { adds, cellOf, says } from '../../test/support/step-script';

const SETS = ['proposer.proposals={deduction: 4, abduction: 0, induction: 0, error: 0}', 'solver.estimation.samples=2'];
const renamed = (n: number) => ({ text: `</think>def f(y): return y+${n}<in>1` });

/** A task, the same under another name, one of the buffer under another name, and one that ignores its input. */
const SCRIPT = {
  'propose/0': [adds(1, 1)],
  'propose/1': [renamed(1)],
  'propose/2': [renamed(100)],
  'propose/3': [{ text: '</think>def f(x): return 1<in>1' }],
  'estimate/0/0': says(2, 0),
  'estimate/1/0': says(2, 2),
  'estimate/2/0': says(101, 0),
  'estimate/3/0': says(1, 1),
};

const under = (...sets: string[]) =>
  scriptedStep([...SETS, 'tasks.ignoredInputs=reject', ...sets], {}).result(scriptedPool(SCRIPT));
const proposals = async (...sets: string[]) =>
  cellOf((await under(...sets)).episodes, 'proposer', 'deduction').map(({ outcome, reason, reward }) => [
    ...[outcome, reason, reward],
  ]);

describe('a step with repeats under other names', () => {
  it('penalises them, in the buffer and in the step, with a reason of their own', async () => {
    expect(await proposals()).toEqual([
      ['accepted', undefined, 0.5],
      ['rejected', 'renamed_duplicate', -1],
      ['rejected', 'renamed_duplicate', -1],
      ['rejected', 'ignored_input', -1],
    ]);
  });

  it('lets them earn nothing where the run says so: no estimate, no place in the buffer, but a reason', async () => {
    const sets = ['tasks.renamedDuplicates=zeroReward', 'tasks.ignoredInputs=zeroReward'];
    expect(await proposals(...sets)).toEqual([
      ['accepted', undefined, 0.5],
      ['rejected', 'renamed_duplicate', 0],
      ['rejected', 'renamed_duplicate', 0],
      ['rejected', 'ignored_input', 0],
    ]);
    const { change, outcome, requests, episodes } = await under(...sets);
    expect(change.admitted).toHaveLength(1);
    expect(outcome).toMatchObject({
      tasks: { deduction: { proposed: 4, valid: 1, admitted: 1 } },
      rejections: { renamed_duplicate: 2, ignored_input: 1 },
      health: { programs: 3, newPrograms: 1, repeats: 2 },
    });
    // That the second repeats the first is known only after both were estimated.
    const estimated = requests.filter(({ key }) => key.startsWith('estimate/')).map(({ key }) => key);
    expect(estimated.sort()).toEqual(['estimate/0/0', 'estimate/1/0']);
    expect(episodes.filter(({ purpose, trained }) => purpose === 'estimate' && trained)).toHaveLength(4);
  });

  it('takes them for tasks of their own where they are allowed, and counts them as repeats', async () => {
    const { change, outcome } = await under('tasks.renamedDuplicates=allow', 'tasks.ignoredInputs=allow');
    expect(change.admitted.map((task) => task.program)).toEqual([
      ...['def f(x): return x+1', 'def f(y): return y+1', 'def f(y): return y+100', 'def f(x): return 1'],
    ]);
    expect(outcome).toMatchObject({ tasks: { deduction: { valid: 4 } }, rejections: {}, health: { repeats: 2 } });
  });

  it('gives a task and its repeat one place of the solver’s batch where they are one', async () => {
    const batch = ['solver.batch=step', 'solver.tasks={deduction: 3, abduction: 0, induction: 0, error: 0}'];
    const answers = { ...SCRIPT, solve: says(2) };
    const solved = async (...sets: string[]) => {
      const { played } = await scriptedStep([...SETS, 'tasks.ignoredInputs=reject', ...batch, ...sets], {}).result(
        scriptedPool(answers),
      );
      return played.solved.map(({ task }) => task.program);
    };
    expect(await solved()).toEqual(['def f(x): return x+1', 'def f(x): return x+100', 'def f(x): return x+100']);
    const apart = await solved('tasks.renamedDuplicates=allow');
    expect(apart).toEqual(['def f(x): return x+1', 'def f(y): return y+1', 'def f(y): return y+100']);
  });
});
