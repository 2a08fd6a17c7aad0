import { hasThoughts } from './thoughts';

describe('a response', () => {
  it.each([
    ['x=3, then 6', true],
    ['x=3</think>6', true],
    [' \n</think>\n<answer>6</answer>', false],
    ['</think>6</think>', false],
    ['', false],
  ])('%j reasons: %s', (response, expected) => expect(hasThoughts(response)).toBe(expected));
});
