import { canonicalText } from '../domain/value';
import { readSandboxCase } from './sandbox-case';

const ROW = {
  code: 'def f(x):\n    return x',
  input: '1',
  expected: { status: ['ok', 'timeout'], output: '[nan, -inf, 1]', note: 'for people' },
  timeout_ms: 700,
};
const read = (change: object) => readSandboxCase({ ...ROW, ...change }, 'a');

describe('a case of the sandbox', () => {
  it('is read, its output as repr writes it', () => {
    const { output, ...rest } = read({ title: 'more' });
    expect(rest).toEqual({ id: 'a', program: ROW.code, input: '1', timeoutMs: 700, statuses: ['ok', 'timeout'] });
    expect(canonicalText(output!)).toBe("[float('nan'), float('-inf'), 1]");
  });

  it('may leave its output open', () => {
    expect(read({ expected: { status: ['crash'] } })).not.toHaveProperty('output');
  });

  it.each([
    [{ code: undefined }, 'code is missing; it must be a text'],
    [{ code: ['x'] }, 'code is ["x"], not a text'],
    [{ code: '"\ud800"' }, 'code has half of a surrogate pair; it must be Unicode text'],
    [{ input: 1 }, 'input is 1, not a text'],
    [{ timeout_ms: 0 }, 'timeout_ms is 0, not a whole number of milliseconds from 1 to 60000'],
    [{ timeout_ms: 1.5 }, 'timeout_ms is 1.5, not a whole number of milliseconds from 1 to 60000'],
    [{ timeout_ms: '700' }, 'timeout_ms is "700", not a whole number of milliseconds from 1 to 60000'],
    [{ timeout_ms: undefined }, 'timeout_ms is missing; it must be a whole number of milliseconds from 1 to 60000'],
    [{ expected: undefined }, 'expected is missing; it must be an object'],
    [{ expected: 'ok' }, 'expected is "ok", not an object'],
    [{ expected: {} }, 'expected: status is missing; it must be a list of at least one'],
    [{ expected: { status: 'ok' } }, 'expected: status is "ok", not a list of at least one'],
    [{ expected: { status: [] } }, 'expected: status is [], not a list of at least one'],
    [{ expected: { status: ['ok', 'oops'] } }, 'expected: status[1] is "oops", not one of ok, exception, timeout, '],
    [{ expected: { status: ['unavailable'] } }, 'expected: status[0] is "unavailable", not one of ok, '],
    [{ expected: { status: ['ok'], output: 'len' } }, 'expected: output is "len", not a Python value ('],
    [{ expected: { status: ['ok'], value: '1' } }, 'expected: the key "value" is not known; there are status, output'],
  ])('is refused with %j', (change, message) => {
    expect(() => read(change)).toThrow(message);
  });
});
