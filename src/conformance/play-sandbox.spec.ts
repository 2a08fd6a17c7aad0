import { PartUnavailable } from '../domain/errors';
import { parseValue } from '../domain/value';
import { RunStatus, type Run } from '../generated/azr/v1/executor';
import { judge, outcomeOf } from './play-sandbox';

const run = (change: Partial<Run>): Run => ({
  ...{ status: RunStatus.RUN_STATUS_OK, output: '', detail: '', wallUs: 0, waitedUs: 0, interpreter: 0 },
  ...{ exceptionType: '', exceptionQualifiedName: '' },
  ...change,
});
const ok = (output: string, interpreter = 0): Run => run({ output, interpreter });
const ended = (status: RunStatus, interpreter = 0): Run => run({ status, interpreter, detail: 'why' });

describe('the outcome of a case', () => {
  it.each([
    ['of one run', [ok('[1]')], 'ok'],
    ['of two interpreters that agree, in another order', [ok('{1, 2}'), ok('{2, 1}', 1)], 'ok'],
    ['of two interpreters that do not', [ok('1'), ok('1'), ok('2', 1)], 'nondeterministic'],
    ['of two interpreters with values of two types', [ok('1'), ok('True', 1)], 'nondeterministic'],
    ['of which one ended otherwise', [ok('1'), ended(RunStatus.RUN_STATUS_TIMEOUT, 1)], 'nondeterministic'],
    [
      'of which both raised',
      [0, 1].map((interpreter) => ended(RunStatus.RUN_STATUS_EXCEPTION, interpreter)),
      'exception',
    ],
    ['whose second call in one interpreter does not count', [ok('1'), ok('2'), ok('1', 1)], 'ok'],
    ['that no second interpreter has seen', [ended(RunStatus.RUN_STATUS_TIMEOUT)], 'timeout'],
    ['that is no value', [ok('<forged>')], 'invalid_output'],
    ['without a run', [], 'no_result'],
  ])('%s', (_, runs, status) => {
    expect(outcomeOf(runs)).toMatchObject({ status });
  });
});

it('a run that the executor could not make has no outcome', () => {
  expect(() => outcomeOf([ended(RunStatus.RUN_STATUS_UNAVAILABLE)])).toThrow(PartUnavailable);
});

describe('a case', () => {
  const one = parseValue('[1]');
  it('passes with one of its statuses and its value', () => {
    expect(judge({ statuses: ['crash', 'exception'] }, outcomeOf([ended(RunStatus.RUN_STATUS_CRASH)]))).toEqual([]);
    expect(judge({ statuses: ['ok'], output: one }, outcomeOf([ok('[1]')]))).toEqual([]);
    expect(judge({ statuses: ['ok'] }, outcomeOf([ok('[2]')]))).toEqual([]);
    expect(judge({ statuses: ['ok', 'crash'], output: one }, outcomeOf([ended(RunStatus.RUN_STATUS_CRASH)]))).toEqual(
      [],
    );
  });

  it.each([
    [['ok', 'crash'] as const, [ended(RunStatus.RUN_STATUS_TIMEOUT)], 'ok or crash: [1]', 'timeout: why'],
    [['ok'] as const, [ok('[True]')], 'ok: [1]', 'ok: [True]'],
    [['ok'] as const, [ok('1'), ok('2', 1)], 'ok: [1]', 'nondeterministic: ok: 1 and ok: 2'],
  ])('fails when %j is expected of %j', (statuses, runs, expected, got) => {
    expect(judge({ statuses: [...statuses], output: one }, outcomeOf(runs))).toEqual([{ expected, got }]);
  });
});
