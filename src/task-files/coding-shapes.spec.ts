import { CODING_SHAPES } from './coding-shapes';
import { readRow } from './row-shape';

const humaneval = {
  ...{ task_id: 'HumanEval/0', prompt: 'def f(x):\n', entry_point: 'f' },
  ...{ test: 'def check(candidate): pass', canonical_solution: '    return x' },
};
const mbpp = { task_id: 7, text: 'Count.', code: 'def f(x): pass', test_list: ['assert f(1) == 1'] };

describe('a row of a programming benchmark', () => {
  it('is one of HumanEval', () => {
    expect(readRow(humaneval, CODING_SHAPES)).toEqual({
      ...{ benchmark: 'humaneval', id: 'HumanEval/0', entry: 'f' },
      ...{ prompt: humaneval.prompt, test: humaneval.test },
    });
  });

  it('is one of MBPP, with what its tests need, or of its sanitized part', () => {
    const read = { benchmark: 'mbpp', id: '7', text: 'Count.', code: mbpp.code, tests: mbpp.test_list, setup: '' };
    expect(readRow(mbpp, CODING_SHAPES)).toEqual(read);
    const { text, ...rest } = { ...mbpp, test_imports: ['import math'], test_setup_code: 'n = 1' };
    expect(readRow({ ...rest, prompt: text }, CODING_SHAPES)).toEqual({ ...read, setup: 'import math\nn = 1' });
  });

  it.each([
    [{ ...humaneval, entry_point: 'f(x)' }, /entry_point is "f\(x\)", not the name of a function/],
    [{ ...humaneval, task_id: undefined }, /task_id is missing; it must be a text or a whole number/],
    [{ ...humaneval, test: ['assert'] }, /test is \["assert"\], not a text/],
    [{ ...mbpp, task_id: 1.5 }, /task_id is 1.5, not a text or a whole number/],
    [{ ...mbpp, test_list: 'assert f(1)' }, /test_list is "assert f\(1\)", not a list of texts/],
    [{ ...mbpp, code: null }, /code is null, not a text/],
    [{ task_id: 7, prompt: 'def f' }, /unknown shape: it has the keys task_id, prompt/],
  ])('is refused by the name of its field: %j', (row, message) => {
    expect(() => readRow(row, CODING_SHAPES)).toThrow(message);
  });
});
