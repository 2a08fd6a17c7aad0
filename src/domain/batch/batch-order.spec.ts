import fc from 'fast-check';
import { Random } from '../random/random';
import { ROLES, TASK_TYPES, type Role, type TaskType } from '../task/task';
import { BATCH_ORDERS, orderBatch, type BatchOrder } from './batch-order';

interface Sequence {
  role: Role;
  type: TaskType;
  id: number;
}

const order = (sequences: readonly Sequence[], by: BatchOrder): Sequence[] =>
  orderBatch(sequences, by, new Random(1, 'order'));

const cell = ({ role, type }: Sequence): string => `${type} ${role}`;

const count = (sequences: readonly Sequence[], of: string): number =>
  sequences.filter((sequence) => cell(sequence) === of).length;

/** 64 of each role and type, mixed: the released batch. */
const RELEASED = Array.from({ length: 384 }, (_, id): Sequence => ({
  role: ROLES[id % 2]!,
  type: (['deduction', 'abduction', 'induction'] as const)[id % 3]!,
  id,
}));

const batches = fc
  .array(fc.record({ role: fc.constantFrom(...ROLES), type: fc.constantFrom(...TASK_TYPES) }), { maxLength: 60 })
  .map((all) => all.map((one, id): Sequence => ({ ...one, id })));

describe('a batch', () => {
  it.each(BATCH_ORDERS)('holds the same sequences when it is %s', (by) => {
    fc.assert(
      fc.property(batches, (batch) => {
        const ordered = order(batch, by);
        expect([...ordered].sort((a, b) => a.id - b.id)).toEqual(batch);
      }),
      { seed: 1 },
    );
  });

  it('goes type by type when it is released, proposers first, each cell as it came', () => {
    const ordered = order(RELEASED, 'released');
    expect([0, 64, 128, 192, 256, 320].map((at) => cell(ordered[at]!))).toEqual([
      ...['abduction proposer', 'abduction solver', 'deduction proposer'],
      ...['deduction solver', 'induction proposer', 'induction solver'],
    ]);
    const ids = ordered.slice(0, 64).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('is mixed when it is shuffled', () => {
    const ids = order(RELEASED, 'shuffled').map(({ id }) => id);
    expect(ids).not.toEqual(RELEASED.map(({ id }) => id));
  });

  it('has a third of every role and type in each of three mini-batches when it is stratified', () => {
    const ordered = order(RELEASED, 'stratified');
    for (const start of [0, 128, 256]) {
      const miniBatch = ordered.slice(start, start + 128);
      for (const of of new Set(RELEASED.map(cell))) {
        expect(Math.abs(count(miniBatch, of) - 64 / 3)).toBeLessThan(2);
      }
    }
  });

  it('never strays by a sequence from proportion when it is stratified, wherever it is cut', () => {
    fc.assert(
      fc.property(batches, fc.nat(60), (batch, cut) => {
        const first = order(batch, 'stratified').slice(0, cut);
        for (const of of new Set(batch.map(cell))) {
          const due = (count(batch, of) * first.length) / batch.length;
          expect(Math.abs(count(first, of) - due)).toBeLessThan(1);
        }
      }),
      { seed: 1 },
    );
  });

  it('is shuffled within a role and type when it is stratified', () => {
    const ids = order(RELEASED, 'stratified')
      .filter((sequence) => cell(sequence) === 'deduction solver')
      .map(({ id }) => id);
    expect(ids).not.toEqual([...ids].sort((a, b) => a - b));
  });
});
