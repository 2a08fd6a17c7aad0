import fc from 'fast-check';
import { canonicalText, equalValues, parseValue } from '../../src/domain/value';
import { RunMode, RunStatus } from '../../src/generated/azr/v1/executor';
import { TestExecutor, TIMEOUT_MS } from '../support/executor/executor';
import { arbitraryValue } from '../support/values/arbitrary-value';

const OK = RunStatus.RUN_STATUS_OK;
const IDENTITY = 'def f(*a, **k):\n    return [*a, *k.items()]';

describe('the executor', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  describe('gives values as literals', () => {
    it.each([
      ['None', 'None'],
      ['[True, 1, 1.0, -0.0, 1e300 * 1e10, 2**70]', "[True, 1, 1.0, -0.0, float('inf'), 1180591620717411303424]"],
      ['[1 + 2j, complex("nan"), -1j]', "[(1+2j), complex(float('nan'), 0.0), (-0-1j)]"],
      ['"it\'s \\n \\ud800 é 😀"', '"it\'s \\n \\ud800 é 😀"'],
      ['[b"\\x00\'", (), (1,), (1, 2)]', '[b"\\x00\'", (), (1,), (1, 2)]'],
      ['[set(), {3, 1, 2}, frozenset(), frozenset([1]), {}]', '[set(), {1, 2, 3}, frozenset(), frozenset({1}), {}]'],
      ['{2: 1, 1: {"b": [], "a": ()}}', "{2: 1, 1: {'b': [], 'a': ()}}"],
    ])('%s', async (expression, literal) => {
      expect(await executor.run(`def f():\n    return ${expression}`)).toMatchObject({ status: OK, output: literal });
    });

    it('in an order that does not depend on the hash seed', async () => {
      const program = 'def f():\n    return set("abcdefghij")';
      const runs = await executor.runs(program, '', { runMode: RunMode.RUN_MODE_ACROSS });
      expect(new Set(runs.map(({ output }) => output)).size).toBe(1);
    });

    it('unless they are not made of builtin values', async () => {
      const results = [
        'range(3)',
        'iter([1])',
        'type("R", (), {"__repr__": lambda r: "1"})()',
        'int',
        '[{1: f}]',
        'type("S", (str,), {})("a")',
        '10 ** 4300',
        'a',
      ];
      const program = (value: string): string => `def f():\n    a = []\n    a.append(a)\n    return ${value}`;
      const runs = await Promise.all(results.map((value) => executor.run(program(value))));
      expect(runs.map(({ status }) => status)).toEqual(results.map(() => RunStatus.RUN_STATUS_INVALID_OUTPUT));
      expect(runs[0]!.detail).toBe('range is not a builtin value type');
    });

    it('up to a depth of 100 and no further', async () => {
      const nested = (depth: number): string =>
        `def f():\n    v = 0\n    for _ in range(${depth}): v = [v]\n    return v`;
      expect((await executor.run(nested(100))).status).toBe(OK);
      expect((await executor.run(nested(101))).status).toBe(RunStatus.RUN_STATUS_INVALID_OUTPUT);
    });

    it('up to the limit of the output, shared parts counted each time', async () => {
      const limits = { outputBytes: 10 };
      expect((await executor.run('def f(): return "é" * 4', '', { limits })).output).toBe("'éééé'");
      const tooLong = ['"é" * 5', '"a" * 10**8', '(lambda a: [a] * 3)([1, 2])'];
      for (const value of tooLong) {
        const run = await executor.run(`def f(): return ${value}`, '', { limits });
        expect([value, run.status]).toEqual([value, RunStatus.RUN_STATUS_OUTPUT_LIMIT]);
      }
    });
  });

  describe('reads inputs as values', () => {
    it.each([
      ['', '[]'],
      ['1, -2.5, "a" "b", # comment\n [None],', "[1, -2.5, 'ab', [None]]"],
      ['set(), frozenset([1]), range(2) and 1', undefined],
      ['{1: {2}}, k=(3,), j=float("-inf")', "[{1: {2}}, ('k', (3,)), ('j', float('-inf'))]"],
      [`1${'0'.repeat(4000)}`, `[1${'0'.repeat(4000)}]`],
      ['1 - 2j, dict(a=1), bytes([1]), 2 ** 70', "[(1-2j), {'a': 1}, b'\\x01', 1180591620717411303424]"],
      ['list((1,))', undefined],
      ['f(1)', undefined],
      ['x', undefined],
      ['*[1]', undefined],
      ['**{"a": 1}', undefined],
      ['1) + _(1', undefined],
      ['(lambda: 1)()', undefined],
      ['[i for i in [1]]', undefined],
      ['f"{1}"', undefined],
      ['{[]}', undefined],
      ['bytes(10**9)', undefined],
      ['a=1, a=2', undefined],
      ['['.repeat(151) + ']'.repeat(151), undefined],
      ['-'.repeat(100_000) + '1', undefined],
    ])('case %#', async (input, output) => {
      const expected = output === undefined ? { status: RunStatus.RUN_STATUS_INVALID_INPUT } : { status: OK, output };
      expect(await executor.run(IDENTITY, input)).toMatchObject(expected);
    });
  });

  it('takes and gives values as the domain writes and reads them', async () => {
    const values = fc
      .sample(arbitraryValue, { numRuns: 300, seed: 20240301 })
      .filter((value) => !/range\(|Ellipsis/.test(canonicalText(value)));
    expect(values.length).toBeGreaterThan(150);
    const responses = await executor.respond('def f(x):\n    return x', values.map(canonicalText));
    const lost = values.filter((value, i) => !equalValues(value, parseValue(responses[i]!.runs[0]!.output), 'strict'));
    expect(lost.map(canonicalText)).toEqual([]);
  });

  describe('runs', () => {
    it('each input in a module of its own', async () => {
      const counter = 'seen = []\ndef f(x):\n    seen.append(x)\n    return seen';
      const responses = await executor.respond(counter, ['1', '2', '3']);
      expect(responses.map(({ inputIndex, runs }) => [inputIndex, runs[0]!.output])).toEqual([
        [0, '[1]'],
        [1, '[2]'],
        [2, '[3]'],
      ]);
    });

    it('and each input in a process of its own where a program could reach out of its module', async () => {
      const counter = 'import math\ndef f(x):\n    math.seen = getattr(math, "seen", 0) + 1\n    return math.seen';
      const responses = await executor.respond(counter, ['1', '2']);
      expect(responses.map(({ runs }) => runs[0]!.output)).toEqual(['1', '1']);
    });

    it('twice in one module, with fresh arguments', async () => {
      const program = 'calls = [0]\ndef f(x):\n    calls[0] += 1\n    x.append(calls[0])\n    return x';
      const runs = await executor.runs(program, '[]', { runMode: RunMode.RUN_MODE_TWICE });
      expect(runs.map(({ output }) => output)).toEqual(['[1]', '[2]']);
    });

    it.each([
      ['hash seeds', 'def f():\n    return hash("a")'],
      ['addresses', 'def f():\n    return id(object()) // 4096'],
      ['the low bits of addresses', 'def f():\n    return [id(x()) % 4096 for x in (object, list, dict, set)]'],
      ['process numbers', 'import os\ndef f():\n    return os.getpid()'],
      [
        'depths of the stack',
        'def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        g()\n    try:\n        g()\n' +
          '    except RecursionError:\n        return n',
      ],
    ])('across interpreters that differ in %s', async (_, program) => {
      const [first, , other] = await executor.runs(program, '', { runMode: RunMode.RUN_MODE_ACROSS });
      expect([first!.status, other!.status]).toEqual([OK, OK]);
      expect(other!.interpreter).not.toBe(first!.interpreter);
      expect(other!.output).not.toBe(first!.output);
    });

    it('the inputs after one that hangs, which costs its own limit once', async () => {
      const program = 'def f(x):\n    while x == 2: pass\n    return x';
      const responses = await executor.respond(program, ['1', '2', '3', '4'], { runMode: RunMode.RUN_MODE_ACROSS });
      const spentUs = responses.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.wallUs - run.waitedUs, 0);
      expect(spentUs).toBeLessThan(2_000 * TIMEOUT_MS);
      expect(responses.map(({ runs }) => runs.map(({ status }) => status))).toEqual([
        [OK, OK, OK],
        [RunStatus.RUN_STATUS_TIMEOUT],
        [OK, OK, OK],
        [OK, OK, OK],
      ]);
    });

    it('no input after one that hangs, if its caller needs them all', async () => {
      const request = { program: 'def f(x):\n    while x == 2: pass\n    return x', inputs: ['1', '2', '3', '4'] };
      const limits = { timeoutMs: 100, memoryMib: 0, outputBytes: 0 };
      const responses = await executor.client.execute({ ...request, limits, stopAtLimit: true });
      expect(responses.map(({ runs }) => runs[0]!.status)).toEqual([OK, RunStatus.RUN_STATUS_TIMEOUT]);
    });

    it('the same in a small interpreter and in one with the library', async () => {
      const reads = (module: string): string => `getattr(__builtins__, "__imp" + "ort__")("${module}")`;
      const moves = [
        [`def f(x):\n    return ${reads('math')}.floor(x)`, '1'],
        [`def f(x):\n    return ["é", x, b"".join([b"a", b"b"])]`, "['é', 1.5, b'ab']"],
        [`def f(x):\n    m = getattr("é", "en" + "code")\n    return m("shift" + "_jisx0213", "ignore")`, "b'\\x85~'"],
        [`def f(x):\n    try:\n        return ${reads('numpy')}\n    except ImportError as e:\n        return str(e)`],
        [`class A[T]: pass\ndef f(x):\n    return A[int].__name__`],
      ] as const;
      for (const [program, expected] of moves) {
        const [run, across] = await Promise.all([
          executor.run(program, '1.5'),
          executor.runs(program, '1.5', { runMode: RunMode.RUN_MODE_ACROSS }),
        ]);
        const withImport = await executor.run(`import math\n${program}`, '1.5');
        expect(run).toEqual({
          ...withImport,
          wallUs: run.wallUs,
          waitedUs: run.waitedUs,
          interpreter: run.interpreter,
        });
        expect(across.map(({ output }) => output)).toEqual([run.output, run.output, run.output]);
        if (expected !== undefined) expect(run.output).toBe(expected);
      }
    });

    it('the inputs around one that ends its process', async () => {
      const program = 'def f(x):\n    if x == 3: (lambda g: g(g))(lambda g: [0] * 10**7 + g(g))\n    return x';
      const responses = await executor.respond(program, ['1', '2', '3', '4'], { limits: { memoryMib: 128 } });
      expect(responses.map(({ runs }) => runs[0]!.status)).toEqual([OK, OK, RunStatus.RUN_STATUS_MEMORY_LIMIT, OK]);
    });

    it('a program that takes longer than a fork server is given to read it', async () => {
      const limits = { timeoutMs: 11_500 };
      const run = await executor.run('def f():\n    while True: pass', '', { limits });
      expect(run.status).toBe(RunStatus.RUN_STATUS_TIMEOUT);
    }, 120_000);

    it('a program with a named character, in a small interpreter as in any', async () => {
      const runs = await executor.runs('def f():\n    return "\\N{BULLET}"', '', { runMode: RunMode.RUN_MODE_ACROSS });
      expect(runs.map(({ output }) => output)).toEqual(["'•'", "'•'", "'•'"]);
    });

    it('thousands of inputs', async () => {
      const inputs = Array.from({ length: 2_000 }, (_, i) => String(i));
      const responses = await executor.respond('def f(x):\n    return x + 1', inputs);
      expect(responses.map(({ runs }) => Number(runs[0]!.output))).toEqual(inputs.map((_, i) => i + 1));
    });

    it('no import but those of its library', async () => {
      const imports = 'import math, re, collections.abc, decimal\nfrom typing import List';
      expect((await executor.run(`${imports}\ndef f():\n    return math.floor(1.5)`)).output).toBe('1');
      for (const name of ['time', 'socket', 'subprocess', 'threading', 'ctypes', 'numpy', 'payload']) {
        expect(await executor.run(`import ${name}\ndef f(): pass`)).toMatchObject({
          status: RunStatus.RUN_STATUS_EXCEPTION,
          exceptionType: 'ModuleNotFoundError',
          detail: `ModuleNotFoundError: No module named '${name}'`,
        });
      }
    });
  });

  it.each([
    ['def f(: pass', 'SyntaxError'],
    ['g = 1', 'NameError'],
    ['f = 1', 'TypeError'],
    ['def f(x): pass', 'TypeError'],
    ['def f(): return f()', 'RecursionError'],
    ['def f(): raise SystemExit(0)', 'SystemExit'],
    ['def f(): raise KeyboardInterrupt', 'KeyboardInterrupt'],
    ['def f(): return [0] * 10**15', 'MemoryError'],
    ['class E(BaseException): pass\ndef f(): raise E("x")', 'E'],
    ['def f():\n    class E(Exception):\n        def __str__(self): raise SystemExit\n    raise E()', 'E'],
    ['class E(Exception): __qualname__ = "KeyError"\ndef f(): raise E()', 'E'],
    ['class R:\n    def __repr__(self): raise KeyboardInterrupt\ndef f(): return R()', 'KeyboardInterrupt'],
  ])('names the exception of %j', async (program, exceptionType) => {
    expect(await executor.run(program)).toMatchObject({ status: RunStatus.RUN_STATUS_EXCEPTION, exceptionType });
  });

  it.each([
    [{ program: '' }, 'program: an empty program is not legal'],
    [{ program: '#'.repeat((1 << 20) + 1) }, 'program: 1048577 bytes is not legal; at most 1048576 are'],
    [{ inputs: [] }, 'inputs: 0 inputs is not legal; 1 to 10000 are'],
    [{ inputs: Array<string>(10_001).fill('1') }, 'inputs: 10001 inputs is not legal'],
    [{ limits: { timeoutMs: 60_001, memoryMib: 0, outputBytes: 0 } }, 'limits.timeout_ms: 60001 is not legal; 1 to'],
    [{ limits: { timeoutMs: 0, memoryMib: 31, outputBytes: 0 } }, 'limits.memory_mib: 31 is not legal; 32 to 4096'],
    [{ limits: { timeoutMs: 0, memoryMib: 0, outputBytes: 2 ** 21 } }, 'limits.output_bytes: 2097152 is not legal'],
  ])('refuses a request out of bounds (case %#)', async (change, message) => {
    const request = { program: IDENTITY, inputs: ['1'], limits: undefined, runMode: RunMode.RUN_MODE_ONCE };
    await expect(executor.client.execute({ ...request, ...change })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(message) as string,
    });
  });

  it('answers the verifier', async () => {
    const limits = { timeoutMs: TIMEOUT_MS, memoryMib: 128, outputBytes: 100 };
    const value = { status: 'ok', output: '{1, 2}' };
    const failure = {
      status: 'exception',
      exceptionType: 'ZeroDivisionError',
      detail: 'ZeroDivisionError: integer division or modulo by zero',
    };
    const program = 'def f(x): return x if x != 0 else 1 // x';
    expect(await executor.adapter.runAcross(program, ['{2, 1}', '1 +', '0'], limits)).toEqual([
      [value, value, value],
      [{ status: 'invalid_input', detail: expect.any(String) as string }],
      [failure, failure, failure],
    ]);
    expect(await executor.adapter.analyze('def g(x): return x')).toMatchObject({ entryProgram: 'def f(x): return x' });
  });

  it('says what it enforces', async () => {
    const { tier, checks, pythonVersion } = await executor.client.capabilities();
    expect(tier).toBe(executor.executor.report.tier);
    expect(pythonVersion).toMatch(/^3\.1[123]\.\d+$/);
    expect(checks.filter(({ held }) => held).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['open-file', 'open-socket', 'fork', 'execute-file', 'trace-server', 'signal-server']),
    );
  });
});
