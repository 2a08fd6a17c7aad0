import fc from 'fast-check';
import { TaskBuffer, type NewTask } from './task-buffer';

const task = (id: number, type: 'deduction' | 'abduction' = 'deduction'): NewTask => ({
  ...{ id: `t${id}`, type, program: '', input: '', output: '', solveRate: 0.5 },
});
const ids = (tasks: readonly { id: string }[]) => tasks.map(({ id }) => id);
const empty = (capacity: number) => new TaskBuffer(0, [], capacity);

describe('TaskBuffer', () => {
  it('admits new tasks in order and leaves out those that are there', () => {
    const first = empty(10).apply(1, empty(10).plan(1, [task(1), task(2), task(1)]));
    const change = first.plan(2, [task(2), task(3)]);
    expect(ids(change.admitted)).toEqual(['t3']);
    const second = first.apply(2, change);
    expect(ids(second.tasks)).toEqual(['t1', 't2', 't3']);
    expect(second.version).toBe(2);
    expect(second.tasks[2]).toMatchObject({ admittedStep: 2, solveRate: 0.5, uses: 0 });
    expect(ids(first.tasks)).toEqual(['t1', 't2']);
  });

  it('drops the oldest of a type when that type is over capacity', () => {
    const full = empty(3).apply(1, empty(3).plan(1, [task(1), task(9, 'abduction'), task(2), task(3)]));
    const change = full.plan(2, [task(4), task(5)]);
    expect(ids(change.evicted)).toEqual(['t1', 't2']);
    const next = full.apply(2, change);
    expect(ids(next.ofType('deduction'))).toEqual(['t3', 't4', 't5']);
    expect(ids(next.ofType('abduction'))).toEqual(['t9']);
  });

  it('counts how often a task was shown, for as long as it is there', () => {
    const first = empty(2).apply(1, empty(2).plan(1, [task(1), task(2)]));
    const second = first.apply(2, first.plan(2, [], ['t1', 't2', 't1']));
    expect(second.tasks.map(({ uses }) => uses)).toEqual([2, 1]);
    const third = second.apply(3, second.plan(3, [task(3)], ['t2']));
    expect(third.tasks.map(({ id, uses }) => [id, uses])).toEqual([
      ['t2', 2],
      ['t3', 0],
    ]);
  });

  it('behaves as a queue of the last `capacity` new tasks, whatever is admitted', () => {
    const steps = fc.array(fc.array(fc.nat(30), { maxLength: 8 }), { maxLength: 12 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 6 }), (admissions, capacity) => {
        let buffer = empty(capacity);
        let reference: string[] = [];
        admissions.forEach((numbers, i) => {
          const before = new Set(reference);
          for (const id of new Set(numbers.map((n) => `t${n}`))) if (!before.has(id)) reference.push(id);
          reference = reference.slice(-capacity);
          buffer = buffer.apply(
            i + 1,
            buffer.plan(
              i + 1,
              numbers.map((n) => task(n)),
            ),
          );
          expect(ids(buffer.tasks)).toEqual(reference);
        });
      }),
      { seed: 1 },
    );
  });
});
