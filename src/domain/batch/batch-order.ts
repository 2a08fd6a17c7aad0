import { groupBy } from '../group-by';
import type { Random } from '../random/random';
import { ROLES, type Role, type TaskType } from '../task/task';

/**
 * How a batch's sequences are laid out over its mini-batches, which are cut from it in order. `released`: type by type,
 * proposers before solvers, unshuffled, so that a mini-batch sees few types. `shuffled`: at random. `stratified`: every
 * (role, type) spread evenly, so that every mini-batch holds it in proportion.
 */
export const BATCH_ORDERS = ['released', 'shuffled', 'stratified'] as const;
export type BatchOrder = (typeof BATCH_ORDERS)[number];

interface Placed {
  role: Role;
  type: TaskType;
}

/** The order in which the released trainer concatenates its types. */
const RELEASED_TYPES: readonly TaskType[] = ['abduction', 'deduction', 'error', 'induction'];

/** The same sequences in the order in which they are trained on. */
export function orderBatch<T extends Placed>(sequences: readonly T[], order: BatchOrder, random: Random): T[] {
  switch (order) {
    case 'released':
      return cellsOf(sequences).flat();
    case 'shuffled':
      return random.shuffle(sequences);
    case 'stratified':
      return interleave(cellsOf(sequences).map((cell) => random.shuffle(cell)));
  }
}

/** The sequences of each (type, role), in the released order. */
function cellsOf<T extends Placed>(sequences: readonly T[]): T[][] {
  const cells = groupBy(sequences, ({ type, role }) => `${type}/${role}`);
  return RELEASED_TYPES.flatMap((type) => ROLES.map((role) => cells.get(`${type}/${role}`) ?? []));
}

/**
 * One list in which, of N items, the first t hold ⌊nt/N⌋ or ⌈nt/N⌉ of a cell of n, for every t. The i-th item of a cell
 * may stand from place ⌊iN/n⌋ on and before ⌈(i+1)N/n⌉; the one that is due first goes first, and none is ever late.
 */
function interleave<T>(cells: readonly (readonly T[])[]): T[] {
  const total = cells.reduce((sum, { length }) => sum + length, 0);
  const queues = cells.filter(({ length }) => length > 0).map((items) => ({ items, next: 0 }));
  const start = ({ items, next }: (typeof queues)[number]): number => Math.floor((next * total) / items.length);
  const due = ({ items, next }: (typeof queues)[number]): number => Math.ceil(((next + 1) * total) / items.length);
  return Array.from({ length: total }, (_, place) => {
    const ready = queues.filter((queue) => queue.next < queue.items.length && start(queue) <= place);
    const first = ready.reduce((best, queue) => (due(queue) < due(best) ? queue : best));
    return first.items[first.next++]!;
  });
}
