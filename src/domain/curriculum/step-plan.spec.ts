import { byType, type TaskType } from '../task/task';
import { planStep, type PlanSettings } from './step-plan';
import { TaskBuffer, type NewTask } from './task-buffer';

const task = (id: string, type: TaskType): NewTask =>
  (type === 'induction'
    ? { id, type, program: '', pairs: [], message: '', solveRate: null }
    : { id, type, program: '', input: '', output: '', solveRate: null }) as NewTask;

/** `count` tasks of each type, `deduction-0` and so on, admitted at step 4. */
const bufferOf = (count: number, ...types: TaskType[]) => {
  const tasks = types.flatMap((type) => Array.from({ length: count }, (_, i) => task(`${type}-${i}`, type)));
  const empty = new TaskBuffer(4, [], 100);
  return empty.apply(4, empty.plan(4, tasks));
};
const settings: PlanSettings = {
  seed: 3,
  proposals: byType((type) => ({ deduction: 50, abduction: 3, induction: 20, error: 0 })[type]),
  references: 2,
  referenceSampling: 'uniform',
  solverBatch: 'estimates',
  solverTasks: byType((type) => (type === 'error' ? 0 : 5)),
};
const all = bufferOf(20, 'deduction', 'abduction', 'induction');
const ofType = (type: TaskType, plan = planStep(5, 4, all, settings)) =>
  plan.proposals.filter((proposal) => proposal.type === type);

describe('planStep', () => {
  it('is the same for the same step, seed and buffer, and another for any other', () => {
    const plan = planStep(5, 4, all, settings);
    expect(planStep(5, 4, all, settings)).toEqual(plan);
    expect(planStep(6, 5, all, settings).proposals).not.toEqual(plan.proposals);
    expect(planStep(5, 4, all, { ...settings, seed: 4 }).proposals).not.toEqual(plan.proposals);
    expect(plan).toMatchObject({ step: 5, policyVersion: 4, curriculumVersion: 4 });
  });

  it('has the proposals of each type that are asked for, numbered through', () => {
    const { proposals } = planStep(5, 4, all, settings);
    expect(proposals.map(({ index }) => index)).toEqual(Array.from({ length: 73 }, (_, i) => i));
    expect([ofType('deduction').length, ofType('abduction').length, ofType('induction').length]).toEqual([50, 3, 20]);
  });

  it('shows different references of the own type, drawn from the whole buffer', () => {
    for (const { references } of ofType('deduction')) expect(new Set(references).size).toBe(2);
    const shown = new Set(ofType('deduction').flatMap(({ references }) => references));
    expect([...shown].every((id) => id.startsWith('deduction'))).toBe(true);
    expect(shown.size).toBe(20);
  });

  it('shows one program of a deduction or abduction task to an induction proposer', () => {
    const shown = ofType('induction').map(({ references }) => references);
    expect(shown.every(({ length }) => length === 1)).toBe(true);
    expect(new Set(shown.map(([id]) => id!.split('-')[0]))).toEqual(new Set(['deduction', 'abduction']));
  });

  it('shows what there is when the buffer holds less than is asked for', () => {
    const [first] = ofType('deduction', planStep(5, 4, bufferOf(1, 'deduction'), settings));
    expect(first!.references).toEqual(['deduction-0']);
  });

  it('gives every proposal its own seeds, which do not change when more are proposed', () => {
    const few = planStep(5, 4, all, { ...settings, proposals: { ...settings.proposals, deduction: 3 } });
    expect(ofType('deduction').slice(0, 3)).toEqual(ofType('deduction', few));
    const seeds = planStep(5, 4, all, settings).proposals.flatMap(({ seed, estimateSeed }) => [seed, estimateSeed]);
    expect(new Set(seeds).size).toBe(146);
  });

  it('has places of the solver’s own batch only where the batch is not the estimates', () => {
    expect(planStep(5, 4, all, settings).solver).toEqual([]);
    const { solver } = planStep(5, 4, all, { ...settings, solverBatch: 'step' });
    expect(solver.map(({ type }) => type)).toEqual([
      ...Array<string>(5).fill('deduction'),
      ...Array<string>(5).fill('abduction'),
      ...Array<string>(5).fill('induction'),
    ]);
    expect(new Set(solver.map(({ taskId }) => taskId)).size).toBe(15);
    expect(new Set(solver.map(({ seed }) => seed)).size).toBe(15);
  });

  it('takes the newest tasks first with the batch `newest`, then others', () => {
    const newer = [task('new-1', 'deduction'), task('new-2', 'deduction')];
    const buffer = all.apply(5, all.plan(5, newer));
    const { solver } = planStep(6, 5, buffer, { ...settings, solverBatch: 'newest' });
    const deduction = solver.filter(({ type }) => type === 'deduction').map(({ taskId }) => taskId);
    expect(deduction.slice(0, 2).sort()).toEqual(['new-1', 'new-2']);
    expect(deduction.slice(2).every((id) => id!.startsWith('deduction-'))).toBe(true);
    expect(new Set(deduction).size).toBe(5);
  });

  it('repeats tasks where the buffer holds fewer than there are places, and names none where it holds none', () => {
    const { solver } = planStep(5, 4, bufferOf(2, 'deduction'), { ...settings, solverBatch: 'step' });
    const ids = (type: TaskType) => solver.filter((place) => place.type === type).map(({ taskId }) => taskId);
    expect(new Set(ids('deduction'))).toEqual(new Set(['deduction-0', 'deduction-1']));
    expect(ids('induction')).toEqual([null, null, null, null, null]);
  });
});
