import { readVerifierCase } from './verifier-case';

const PROPOSE = { kind: 'propose', task_type: 'deduction', task: {}, response: 'r', expect: { outcome: ['accepted'] } };
const SOLVE = {
  ...PROPOSE,
  kind: 'solve',
  task: { program: 'p', input: '1,[ 2 ]', output: '0x4' },
  expect: { outcome: ['correct'] },
};
const INDUCTION = {
  ...SOLVE,
  task_type: 'induction',
  task: { program: 'p', message: 'm', given: [['1', '2']], hidden: [['2', '3'], ['3, k=1', 'inf']] }, // prettier-ignore
};
const read = (row: object) => readVerifierCase(row as Record<string, unknown>, 'a');

describe('a case of the verifier', () => {
  it('is one step, with five seconds for a run unless it says how long', () => {
    const expect_ = { outcomes: ['accepted'] };
    const steps = [{ kind: 'propose', type: 'deduction', program: '', turn: 'r', expect: expect_ }];
    expect(read(PROPOSE)).toEqual({ id: 'a', timeoutMs: 5_000, steps });
    expect(read({ ...PROPOSE, timeout_ms: 300 })).toMatchObject({ timeoutMs: 300 });
  });

  it('has the values of its task in canonical form', () => {
    expect(read(SOLVE).steps[0]).toMatchObject({ task: { type: 'deduction', input: '1, [2]', output: '4' } });
    const error = { ...SOLVE, task_type: 'error', task: { ...SOLVE.task, output: 'KeyError' } };
    expect(read(error).steps[0]).toMatchObject({ task: { type: 'error', output: 'KeyError' } });
  });

  it('of induction holds an answer against the hidden pairs, however many are given', () => {
    const hidden = [
      { input: '2', output: '3' },
      { input: '3, k=1', output: "float('inf')" },
    ];
    expect(read(INDUCTION).steps[0]).toMatchObject({ task: { message: 'm', pairs: [...hidden, ...hidden] } });
    const propose = { ...PROPOSE, task_type: 'induction', task: { program: 'p' } };
    expect(read(propose).steps[0]).toMatchObject({ kind: 'propose', type: 'induction', program: 'p' });
  });

  it('may be a sequence of steps', () => {
    expect(read({ kind: 'sequence', task_type: 'deduction', steps: [PROPOSE, SOLVE] }).steps).toHaveLength(2);
  });

  it.each<[object, string]>([
    [{ ...PROPOSE, kind: 'guess' }, 'kind is "guess", not one of propose, solve, sequence'],
    [{ ...PROPOSE, kind: undefined }, 'kind is missing; it must be one of propose, solve, sequence'],
    [{ ...PROPOSE, task_type: 'riddle' }, 'task_type is "riddle", not one of deduction, abduction, induction, error'],
    [{ ...PROPOSE, task: [] }, 'task is [], not an object'],
    [{ ...PROPOSE, response: null }, 'response is null, not a text'],
    [{ ...PROPOSE, timeout_ms: 0 }, 'timeout_ms is 0, not a whole number of milliseconds from 1 to 60000'],
    [{ ...PROPOSE, expect: {} }, 'expect: outcome is missing; it must be a list of at least one'],
    [{ ...PROPOSE, expect: { outcome: ['correct'] } }, 'outcome[0] is "correct", not one of accepted, rejected, malf'],
    [{ ...SOLVE, expect: { outcome: ['accepted'] } }, 'outcome[0] is "accepted", not one of correct, incorrect, malf'],
    [{ ...PROPOSE, expect: { outcome: ['rejected'], reason: ['dull'] } }, 'expect: reason[0] is "dull", not one of '],
    [{ ...PROPOSE, expect: { outcome: ['accepted'], output: 'f(1)' } }, 'expect: output is "f(1)", not a Python value'],
    [{ ...SOLVE, expect: { outcome: ['correct'], output: '4' } }, 'expect: output is of no use: only a proposed progr'],
    [{ ...PROPOSE, expect: { outcome: ['accepted'], outputs: '4' } }, 'expect: the key "outputs" is not known; there'],
    [{ ...PROPOSE, task_type: 'induction' }, 'task: program is missing; it must be a text'],
    [{ ...SOLVE, task: { ...SOLVE.task, output: 'x' } }, 'task: output is "x", not a Python value'],
    [{ ...SOLVE, task: { ...SOLVE.task, input: '*[1]' } }, 'task: input is "*[1]", not an argument list'],
    [{ ...INDUCTION, task: { ...INDUCTION.task, message: 5 } }, 'task: message is 5, not a text'],
    [{ ...INDUCTION, task: { ...INDUCTION.task, hidden: [] } }, 'task: hidden is [], not a list of at least one'],
    [
      { ...INDUCTION, task: { ...INDUCTION.task, hidden: [['1']] } },
      'task: hidden[0] is ["1"], not a pair [input, out',
    ],
    [{ ...INDUCTION, task: { ...INDUCTION.task, given: [['1', 2]] } }, 'task: given[0]: output is 2, not a text'],
    [{ kind: 'sequence', steps: [] }, 'steps is [], not a list of at least one'],
    [{ kind: 'sequence', steps: [PROPOSE, 'x'] }, 'steps[1]: step is "x", not an object'],
    [{ kind: 'sequence', steps: [{ ...PROPOSE, kind: 'sequence' }] }, 'steps[0]: kind is "sequence", not one of pro'],
    [{ kind: 'sequence', steps: [{ ...PROPOSE, expect: { outcome: [1] } }] }, 'steps[0]: expect: outcome[0] is 1, not'],
  ])('is refused: %j', (row, message) => {
    expect(() => read(row)).toThrow(message);
  });
});
