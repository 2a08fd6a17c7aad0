import { RunMode } from '../../src/generated/azr/v1/executor';
import { TestExecutor } from '../support/executor/executor';

const ACROSS = { runMode: RunMode.RUN_MODE_ACROSS };

const COUNTS = `
try: n = kept.left
except AttributeError: n = 0
kept.left = n + 1
def f(x): return n`;

describe('state between the inputs of a program', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  it.each([
    ['an attribute of ExceptionGroup', 'kept = ExceptionGroup'],
    [
      'the object of an AttributeError',
      'u = "_" * 2\ntry: ("{0." + u + "self" + u + ".nope}").format(print)\nexcept AttributeError as e: kept = e.obj',
    ],
    [
      "a generator's code with other names",
      'def g(o): yield o.x\nu = "_" * 2\nT = type(g)\n' +
        'kept = next(T(g(0).gi_code.replace(co_names=(u + "self" + u,)), {})(print))',
    ],
    [
      'computed names in a class pattern',
      'u = "_" * 2\nT = type(int)\nM = T("M", (T,), {u + "instancecheck" + u: lambda c, o: True})\n' +
        'C = M("C", (), {u + "match_args" + u: (u + "self" + u,)})\nmatch print:\n    case C(kept): pass',
    ],
    [
      'the last MemoryError',
      'errors = []\nfor _ in range(40):\n    try: [0] * (1 << 60)\n' +
        '    except MemoryError as e: errors.append(e)\nkept = errors[-1]',
    ],
  ])('no input finds what the one before kept in %s', async (_, keeper) => {
    const responses = await executor.respond(keeper + COUNTS, ['1', '2', '3'], ACROSS);
    expect(responses.map(({ runs }) => runs.map(({ output }) => output))).toEqual(Array(3).fill(['0', '0', '0']));
  });

  it('is not what a cache of the library takes for equal', async () => {
    const program = 'import re\ndef f(x): return re.compile("a", x).flags';
    const [analysis] = await executor.client.analyze([program]);
    expect(analysis!.leavesNothingBehind).toBe(true);
    const [known, equal] = await executor.respond(program, ['2', '2.0'], ACROSS);
    expect(known!.runs.map(({ output }) => output)).toEqual(['34', '34', '34']);
    expect(equal!.runs.map(({ exceptionType }) => exceptionType)).toEqual(Array(3).fill('TypeError'));
  });
});
