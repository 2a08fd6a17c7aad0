import type { Task, TripletTask } from './task';
import { isToldInComment } from './told-in-comment';

const told = (program: string, withoutComments: string, task: Partial<TripletTask> = {}) =>
  isToldInComment(
    { ...{ id: '', type: 'deduction', input: "'ab'", output: '[1, 2]' }, ...task, program },
    withoutComments,
  );
const PLAIN = 'def f(x):\n    return g(x)';

describe('an answer that stands in a comment', () => {
  it.each([
    ['of its own line', `# gives [1,2]\n${PLAIN}`],
    ['beside the code', PLAIN.replace('g(x)', 'g(x)  # [1, 2] here')],
    ['that is a docstring', PLAIN.replace('return', '"""Like [1, 2]."""\n    return')],
  ])('%s', (_, program) => {
    expect(told(program, PLAIN)).toBe(true);
  });

  it.each([
    ['that tells another value', `${PLAIN} # [1, 3]`],
    ['that tells a longer value', `${PLAIN} # [1, 23]`],
  ])('is not one %s', (_, program) => {
    expect(told(program, PLAIN)).toBe(false);
  });

  it('is told from the same value in the code', () => {
    const program = 'def f(x):\n    return [1, 2]';
    expect(told(program, program)).toBe(false);
    expect(told(`${program} # [1, 2]`, program)).toBe(true);
  });

  it('is what the solver of the type has to find', () => {
    expect(told(`${PLAIN} # for "ab"`, PLAIN, { type: 'abduction' })).toBe(true);
    expect(told(`${PLAIN} # [1, 2]`, PLAIN, { type: 'abduction' })).toBe(false);
    expect(told(`${PLAIN} # KeyError!`, PLAIN, { type: 'error', output: 'KeyError' })).toBe(true);
    const induction: Task = { id: '', type: 'induction', program: `${PLAIN} # ${PLAIN}`, pairs: [], message: '' };
    expect(isToldInComment(induction, PLAIN)).toBe(false);
  });

  it('is looked for in time that is linear in the program', () => {
    const started = performance.now();
    told(`# ${'[1, '.repeat(16_000)}`, '[1, '.repeat(16_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
