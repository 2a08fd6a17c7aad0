import type { ScoreItem } from '../../../generated/azr/v1/verifier';
import { groupsOf } from './score-answers';

const item = (output: string, bare: string): ScoreItem => ({
  task: { task: { $case: 'deduction', value: { program: '', input: '', output } } },
  answer: { $case: 'bare', value: bare },
});
const sizesOf = (items: ScoreItem[]) => [...groupsOf(items)].map(({ first, items: { length } }) => [first, length]);

describe('answers that are judged together', () => {
  it('have one task and follow one another', () => {
    expect(sizesOf([item('1', 'a'), item('1', 'b'), item('2', 'c'), item('1', 'd')])).toEqual([
      ...[
        [0, 2],
        [2, 1],
        [3, 1],
      ],
    ]);
    expect(sizesOf([])).toEqual([]);
  });

  it('are no more than results should wait for', () => {
    expect(sizesOf(Array.from({ length: 70 }, () => item('1', 'a')))).toEqual([
      ...[
        [0, 32],
        [32, 32],
        [64, 6],
      ],
    ]);
  });
});
