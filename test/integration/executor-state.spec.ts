import { Random } from '../../src/domain/random/random';
import { RunMode } from '../../src/generated/azr/v1/executor';
import { descendants, TestExecutor } from '../support/executor/executor';
import { eventually } from '../support/processes';

const ACROSS = { runMode: RunMode.RUN_MODE_ACROSS };

/** Changes what is everybody's in an interpreter, or says how it is. */
const COMMON = `import builtins, codecs, decimal, gc, os, re, signal, sys, warnings
def change():
    builtins.left = sys.left = re.left = ExceptionGroup.left = os.environ["left"] = "left"
    builtins.ascii = str
    sys.modules["math"] = sys
    sys.path.append("/left")
    sys.setrecursionlimit(300)
    sys.set_int_max_str_digits(700)
    sys.setswitchinterval(1)
    sys.excepthook = sys.unraisablehook = print
    codecs.register(lambda name: codecs.lookup("utf-8"))
    warnings.simplefilter("always")
    decimal.getcontext().prec = 3
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.disable()
def state():
    yield [hasattr(one, "left") for one in (builtins, sys, re, ExceptionGroup)] + [ascii("é"), len(os.environ)]
    yield [sys.modules["math"].__name__, sys.path, sys.getswitchinterval(), sys.excepthook is sys.__excepthook__]
    yield [sys.getrecursionlimit(), sys.get_int_max_str_digits(), decimal.getcontext().prec, gc.isenabled()]
    yield ["always" in [action for action, *_ in warnings.filters], signal.getsignal(signal.SIGTERM) == signal.SIG_DFL]
    try: yield codecs.lookup("left").name
    except LookupError: yield "no codec"
def f(is_changed):
    if is_changed: change()
    return list(state())`;
const UNCHANGED = [
  `[False, False, False, False, "'\\\\xe9'", 0]`,
  "['math', [], 0.005, True]",
  '[1000, 4300, 28, True]',
  '[False, True]',
  "'no codec'",
].join(', ');

/** Counts its calls wherever a program without imports can keep a number. */
const COUNTER = `seen = [0]
class Kept:
    count = 0
def counter():
    n = 0
    def count():
        nonlocal n
        n += 1
        return n
    return count
count = counter()
def f(x, default=[]):
    refused = 0
    for one in (int, len, print, None, (), "", Exception, ValueError()):
        try: one.left = x
        except (AttributeError, TypeError): refused += 1
    default.append(x)
    Kept.count += 1
    seen[0] += 1
    f.left = f.left + 1 if hasattr(f, "left") else 1
    return [refused, len(default), Kept.count, seen, count(), f.left]`;

describe('what a program leaves behind', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  it('is not there for the next one', async () => {
    const outputs = async (input: string): Promise<string[]> =>
      (await executor.runs(COMMON, input, ACROSS)).map(({ output }) => output);
    expect(await outputs('False')).toEqual(Array(3).fill(`[${UNCHANGED}]`));
    for (const output of await outputs('True'))
      expect(output).toMatch(/^\[\[True, True, True, True, 'é', 1\].*'utf-8'\]$/);
    expect(await outputs('False')).toEqual(Array(3).fill(`[${UNCHANGED}]`));
  });

  it('is not there for its own next input', async () => {
    const [analysis] = await executor.client.analyze([COUNTER]);
    expect(analysis!.leavesNothingBehind).toBe(true);
    const responses = await executor.respond(COUNTER, ['1', '2', '3'], ACROSS);
    const [first] = responses;
    expect(first!.runs.map(({ output }) => output)).toEqual([
      '[7, 1, 1, [1], 1, 1]',
      '[7, 2, 2, [2], 2, 2]',
      '[7, 1, 1, [1], 1, 1]',
    ]);
    const values = responses.map(({ runs }) => runs.map(({ output }) => output));
    expect(values).toEqual(Array(3).fill(values[0]));
  });

  it('is nothing at all where its callers go away, whenever they do', async () => {
    const processes = descendants().length;
    const random = new Random(20261125, 'cancel');
    const programs = ['def f(x): return x', 'def f(x):\n    while x: pass', 'import os\ndef f(x): os._exit(x)'];
    const calls = Array.from({ length: 60 }, (_, i) => {
      const signal = AbortSignal.timeout(random.below(200));
      return executor.respond(programs[i % 3]!, Array<string>(1 + random.below(99)).fill('1'), { ...ACROSS, signal });
    });
    await Promise.allSettled(calls);
    expect(await eventually(() => descendants().length === processes, 10_000)).toBe(true);
    const inputs = Array.from({ length: 120 }, (_, i) => String(i));
    const answers = await executor.respond('def f(x): return x', inputs, ACROSS);
    expect(answers.flatMap(({ runs }) => runs.map(({ output }) => output))).toEqual(
      inputs.flatMap((input) => [input, input, input]),
    );
  }, 60_000);
});
