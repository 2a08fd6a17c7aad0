import { Random } from '../random/random';
import { drawReferences, type ReferenceSampling } from './reference-sampling';
import type { BufferedTask } from './task-buffer';

const task = (id: string, standing: Partial<BufferedTask> = {}): BufferedTask =>
  ({
    ...{ id, type: 'deduction', program: '', input: '', output: '', admittedStep: 0, solveRate: null, uses: 0 },
    ...standing,
  }) as BufferedTask;

/** Share of 4,000 draws of one reference at step 20 that took each task. */
function shares(sampling: ReferenceSampling, tasks: BufferedTask[]): number[] {
  const draws = Array.from({ length: 4_000 }, (_, i) => {
    const [drawn] = drawReferences(tasks, 1, sampling, 20, new Random(1, sampling, i));
    return drawn!.id;
  });
  return tasks.map(({ id }) => draws.filter((drawn) => drawn === id).length / draws.length);
}

/** Three standard deviations of a share of 4,000 draws. */
const about = (share: number): [number, number] => [share - 0.024, share + 0.024];

describe.each<ReferenceSampling>(['uniform', 'recency', 'solve-rate', 'least-used'])(
  'references drawn %s',
  (sampling) => {
    const tasks = Array.from({ length: 10 }, (_, i) => task(`t${i}`, { admittedStep: i, solveRate: i / 9, uses: i }));

    it('are different, and all where more are asked for than there are', () => {
      const drawn = drawReferences(tasks, 4, sampling, 20, new Random(2));
      expect(new Set(drawn.map(({ id }) => id)).size).toBe(4);
      expect(drawReferences(tasks, 20, sampling, 20, new Random(2))).toHaveLength(10);
      expect(drawReferences([], 4, sampling, 20, new Random(2))).toEqual([]);
    });

    it('are the same for the same randomness', () => {
      expect(drawReferences(tasks, 4, sampling, 20, new Random(2))).toEqual(
        drawReferences(tasks, 4, sampling, 20, new Random(2)),
      );
    });
  },
);

describe('the weight of a reference', () => {
  it.each<[ReferenceSampling, BufferedTask[], number[]]>([
    ['uniform', [task('a'), task('b', { uses: 9, admittedStep: 19 })], [1 / 2, 1 / 2]],
    // Half as likely for each twenty steps of age: weights 1/2 and 1.
    ['recency', [task('old', { admittedStep: 0 }), task('new', { admittedStep: 20 })], [1 / 3, 2 / 3]],
    // 4p(1 − p): 0.75, 1 and the floor of 0.05.
    [
      'solve-rate',
      [task('a', { solveRate: 0.25 }), task('b', { solveRate: 0.5 }), task('c', { solveRate: 1 })],
      [0.75 / 1.8, 1 / 1.8, 0.05 / 1.8],
    ],
    // 1/(1 + uses)²: 1 and 1/4.
    ['least-used', [task('a'), task('b', { uses: 1 })], [4 / 5, 1 / 5]],
  ])('%s', (sampling, tasks, expected) => {
    shares(sampling, tasks).forEach((share, i) => {
      const [low, high] = about(expected[i]!);
      expect(share).toBeGreaterThan(low);
      expect(share).toBeLessThan(high);
    });
  });
});
