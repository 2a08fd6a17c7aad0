import type { Validation, Verdict } from '../domain/task/verdict';
import { parseValue } from '../domain/value';
import { judgeStep } from './judge-step';
import type { Expectation } from './verifier-case';

const metrics = { cognitive: 0, cyclomatic: 1, volume: 0, effort: 0 };
const accepted = (output: string, type: 'deduction' | 'error' = 'deduction'): Validation => ({
  outcome: 'accepted',
  task: { id: 't', type, program: 'p', input: '1', output },
  ...{ namelessId: 't', metrics, toldInComment: false },
});
const rejected = (reason: 'leak' | 'too_long' | 'unshowable'): Validation => ({
  outcome: 'rejected',
  ...{ penalised: true, reason, detail: 'why' },
});
const wrong: Verdict = { outcome: 'incorrect', reason: 'wrong_value', detail: 'another' };

const judge = (expect: Expectation, found: Validation | Verdict, kind: 'propose' | 'solve' = 'propose') =>
  judgeStep({ kind, expect } as Parameters<typeof judgeStep>[0], found);

describe('a step is as expected', () => {
  it.each<[string, Expectation, Validation | Verdict]>([
    ['with one of the outcomes', { outcomes: ['accepted', 'rejected'] }, rejected('leak')],
    ['with one of the reasons', { outcomes: ['rejected'], reasons: ['duplicate', 'leak'] }, rejected('leak')],
    [
      'with a reason where only an outcome without one has any',
      { outcomes: ['accepted'], reasons: ['leak'] },
      accepted('1'),
    ],
    [
      'with the value, however it is spelt',
      { outcomes: ['accepted'], output: parseValue('{2, 1}') },
      accepted('{1, 2}'),
    ],
    ['with NaN for NaN', { outcomes: ['accepted'], output: parseValue("float('nan')") }, accepted("float('nan')")],
    ['with the name of the exception', { outcomes: ['accepted'], output: 'KeyError' }, accepted('KeyError', 'error')],
    ['without its output where it was rejected', { outcomes: ['accepted', 'rejected'], output: 'E' }, rejected('leak')],
    [
      'with what the format would call its reason',
      { outcomes: ['rejected'], reasons: ['bad_input'] },
      rejected('too_long'),
    ],
    ['with what nobody can answer', { outcomes: ['rejected'], reasons: ['unverifiable'] }, rejected('unshowable')],
  ])('%s', (_, expectation, found) => {
    expect(judge(expectation, found)).toEqual([]);
  });
});

describe('a step is not as expected', () => {
  it.each<[Expectation, Validation | Verdict, string, string]>([
    [{ outcomes: ['accepted'] }, rejected('leak'), 'accepted', 'rejected (leak: why)'],
    [{ outcomes: ['rejected', 'malformed'] }, accepted('1'), 'rejected or malformed', 'accepted with the output 1'],
    [
      { outcomes: ['rejected'], reasons: ['duplicate', 'banned'] },
      rejected('leak'),
      'rejected (duplicate or banned)',
      'rejected (leak: why)',
    ],
    [
      { outcomes: ['accepted'], output: parseValue('[1]') },
      accepted('[True]'),
      'accepted with the output [1]',
      'accepted with the output [True]',
    ],
    [
      { outcomes: ['accepted'], output: 'KeyError' },
      accepted('LookupError', 'error'),
      'accepted with the output KeyError',
      'accepted with the output LookupError',
    ],
    [{ outcomes: ['correct'] }, wrong, 'correct', 'incorrect (wrong_value: another)'],
  ])('%j: %j', (expectation, found, expected, got) => {
    expect(judge(expectation, found)).toEqual([{ expected, got }]);
  });

  it('with a reason that counts as another one for the other role', () => {
    const expectation: Expectation = { outcomes: ['rejected'], reasons: ['bad_answer'] };
    expect(judge(expectation, rejected('too_long'), 'propose')).toHaveLength(1);
    expect(judge(expectation, rejected('too_long'), 'solve')).toEqual([]);
  });

  it('shows no more of a value than a person reads', () => {
    const [fault] = judge({ outcomes: ['rejected'] }, accepted(`'${'x'.repeat(5_000)}'`));
    expect(fault!.got.length).toBeLessThan(400);
  });
});
