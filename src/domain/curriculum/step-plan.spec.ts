import type { Task } from '../task/task';
import { planStep } from './step-plan';
import { TaskBuffer } from './task-buffer';

const task = (id: number): Task => ({ id: `t${id}`, type: 'deduction', program: '', input: '', output: '' });
const bufferOf = (count: number) => {
  const empty = new TaskBuffer(4, [], 100);
  return empty.apply(
    4,
    empty.plan(
      4,
      Array.from({ length: count }, (_, i) => task(i)),
    ),
  );
};
const settings = { seed: 3, types: ['deduction'] as const, proposalsPerType: 50, references: 2 };

describe('planStep', () => {
  it('is the same for the same step, seed and buffer, and another for any other', () => {
    const plan = planStep(5, 4, bufferOf(20), settings);
    expect(planStep(5, 4, bufferOf(20), settings)).toEqual(plan);
    expect(planStep(6, 5, bufferOf(20), settings).proposals).not.toEqual(plan.proposals);
    expect(planStep(5, 4, bufferOf(20), { ...settings, seed: 4 }).proposals).not.toEqual(plan.proposals);
    expect(plan).toMatchObject({ step: 5, policyVersion: 4, curriculumVersion: 4 });
  });

  it('shows different references, drawn from the whole buffer', () => {
    const { proposals } = planStep(1, 0, bufferOf(20), settings);
    for (const { references } of proposals) expect(new Set(references).size).toBe(2);
    expect(new Set(proposals.flatMap(({ references }) => references)).size).toBe(20);
  });

  it('shows what there is when the buffer holds less than is asked for', () => {
    expect(planStep(1, 0, bufferOf(1), settings).proposals[0]!.references).toEqual(['t0']);
  });

  it('gives every proposal its own seeds, which do not change when more are proposed', () => {
    const few = planStep(1, 0, bufferOf(20), { ...settings, proposalsPerType: 3 }).proposals;
    const many = planStep(1, 0, bufferOf(20), settings).proposals;
    expect(many.slice(0, 3)).toEqual(few);
    expect(new Set(many.flatMap(({ seed, solverSeed }) => [seed, solverSeed])).size).toBe(100);
  });
});
