import fc from 'fast-check';
import { Random } from '../random/random';
import { drawReferences, REFERENCE_SAMPLINGS } from './reference-sampling';
import { TaskBuffer, type NewTask } from './task-buffer';

const task = (id: number, type: 'deduction' | 'abduction' = 'deduction'): NewTask => ({
  ...{ id: `t${id}`, namelessId: `n${id}`, type, program: '', input: '', output: '', solveRate: 0.5 },
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

  it('knows its tasks by both of their ids, for as long as they are there', () => {
    const first = empty(1).apply(1, empty(1).plan(1, [task(1)]));
    expect(['t1', 'n1', 't2'].map((id) => first.knows(id))).toEqual([true, true, false]);
    const second = first.apply(2, first.plan(2, [task(2)]));
    expect(['t1', 'n1', 't2', 'n2'].map((id) => second.knows(id))).toEqual([false, false, true, true]);
  });

  it.each(REFERENCE_SAMPLINGS)('takes a new task when it is full, and %s draws only what is there', (sampling) => {
    const capacity = 16_384;
    const tasks = Array.from({ length: capacity }, (_, id) => task(id));
    const full = empty(capacity).apply(1, empty(capacity).plan(1, tasks));
    const next = full.apply(2, full.plan(2, [task(capacity), task(99_999, 'abduction')], ['t0', 't1']));
    expect(next.ofType('deduction')).toHaveLength(capacity);
    expect(next.tasks).toHaveLength(capacity + 1);
    expect([next.has('t0'), next.get('t0'), next.has(`t${capacity}`)]).toEqual([false, undefined, true]);
    expect(next.ofType('deduction').at(-1)).toMatchObject({ id: `t${capacity}`, admittedStep: 2, uses: 0 });
    expect(next.get('t1')).toMatchObject({ admittedStep: 1, uses: 1 });
    const drawn = drawReferences(next.ofType('deduction'), 64, sampling, 3, new Random(1));
    expect(drawn.map(({ id }) => next.get(id))).toEqual(drawn);
    expect(new Set(drawn)).toHaveProperty('size', 64);
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
