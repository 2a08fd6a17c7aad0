import { compact } from '../domain/prompt/compact';
import type { Task } from '../domain/task/task';
import { scoreResponse } from './score-answer';

const task = (output: string): Task => ({ id: 't', type: 'deduction', program: '', input: '', output });
const score = (output: string, text: string, finished = true) =>
  scoreResponse(task(output), { text, finished }, (answer) => compact.parseAnswer('deduction', answer));

describe('an answer to a deduction task', () => {
  it.each([
    ['8', '</think>8'],
    ['8', '5\n x=x+3#8</think> 0x8 '],
    ['[1, 2]', '</think>[1,2]'],
    ['{1, 2}', '</think>{2, 1}'],
    ["'a'", '</think>"a"'],
  ])('is correct when it is the value %s: %j', (output, text) => {
    expect(score(output, text)).toEqual({ outcome: 'correct' });
  });

  it.each([
    ['8', '</think>9', 'incorrect', 'wrong_value'],
    ['1', '</think>True', 'incorrect', 'wrong_value'],
    ['1', '</think>1.0', 'incorrect', 'wrong_value'],
    ['[1]', '</think>(1,)', 'incorrect', 'wrong_value'],
    ['8', '</think>f(5)', 'incorrect', 'bad_answer'],
    ['8', '8', 'malformed', 'malformed'],
  ])('to %s is not correct: %j is %s, %s', (output, text, outcome, reason) => {
    expect(score(output, text)).toMatchObject({ outcome, reason });
  });

  it('is malformed when it was cut at the token limit, even where what is there is right', () => {
    expect(score('8', '</think>8', false)).toMatchObject({ outcome: 'malformed', reason: 'truncated' });
  });
});
