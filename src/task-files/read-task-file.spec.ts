import { temporaryFiles } from '../../test/support/temporary-files';
import { TASK_TYPES } from '../domain/task/task';
import { readTaskFile, readWholeTaskFile } from './read-task-file';

const triplet = { program: 'def f(x): return x', input: '1', output: '1' };
const pairs = [
  ['1', '2'],
  ['3', '4'],
];
const temporaryFile = temporaryFiles();
const fileOf = (...rows: unknown[]) =>
  temporaryFile(
    'tasks.jsonl',
    rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n') + '\n',
  );
const read = (...rows: unknown[]) => readTaskFile(fileOf(...rows), TASK_TYPES);

describe('a task file of our own', () => {
  it.each(['deduction', 'abduction', 'error'])('gives a row of type %s as it stands', (type) => {
    const { rows, refused } = read('', { type, ...triplet, solveRate: 0.25 });
    expect(rows).toEqual([{ type, ...triplet, solveRate: 0.25, line: 2 }]);
    expect(refused).toEqual([]);
  });

  it('gives an induction row with its pairs, and no message where there is none', () => {
    const induction = { type: 'induction', program: 'def f(x): return x+1', pairs };
    const found = [
      { input: '1', output: '2' },
      { input: '3', output: '4' },
    ];
    expect(read(induction, { ...induction, message: 'one more', solveRate: null }).rows).toEqual([
      { ...induction, pairs: found, message: '', line: 1 },
      { ...induction, pairs: found, message: 'one more', line: 2 },
    ]);
  });

  it('gives the rows of the wanted types alone, and says when there are none', () => {
    const file = fileOf({ type: 'abduction', ...triplet }, { type: 'deduction', ...triplet });
    expect(readTaskFile(file, ['deduction']).rows).toEqual([{ type: 'deduction', ...triplet, line: 2 }]);
    expect(() => readTaskFile(file, ['induction', 'error'])).toThrow(
      `${file}: there is no task of type induction or error`,
    );
  });
});

describe('a seed file as released with AZR', () => {
  it('starts both deduction and abduction with a triplet', () => {
    const { program: snippet, ...io } = triplet;
    expect(read({ snippet, ...io, imports: [], original_snippet: snippet, composite_functions: [] }).rows).toEqual([
      { type: 'deduction', ...triplet, line: 1 },
      { type: 'abduction', ...triplet, line: 1 },
    ]);
  });

  it('gives induction rows from lists of inputs and outputs', () => {
    const row = { snippet: 'def f(x): return x+1', inputs: ['1', '3'], outputs: ['2', '4'], message: 'm', imports: [] };
    expect(read(row).rows).toEqual([
      {
        type: 'induction',
        program: row.snippet,
        pairs: [
          { input: '1', output: '2' },
          { input: '3', output: '4' },
        ],
        message: 'm',
        line: 1,
      },
    ]);
  });
});

describe('the imports of a released row', () => {
  const programOf = (snippet: string, imports: unknown) =>
    read({ snippet, input: '4', output: '2.0', imports }).rows.map(({ program }) => program)[0];
  const root = 'def f(x):\n    return math.sqrt(x)';

  it('are put before a snippet that lacks them, in their order', () => {
    expect(programOf(root, ['import re', 'import math'])).toBe(`import re\nimport math\n${root}`);
    expect(programOf(`import re\n${root}`, ['import math', 'import re'])).toBe(`import math\nimport re\n${root}`);
  });

  it('are left alone where the snippet has them', () => {
    const has = `import math \r\n${root}`;
    expect(programOf(has, ['import math'])).toBe(has);
    expect(programOf(root, [])).toBe(root);
  });

  it('are lacking where another function alone has them', () => {
    const inner = `def g(x):\n    import math\n    return math\n${root}`;
    expect(programOf(inner, ['import math'])).toBe(`import math\n${inner}`);
  });

  it('go before the program of an induction row too', () => {
    const row = { snippet: root, inputs: ['4'], outputs: ['2.0'], message: '', imports: ['import math'] };
    expect(read(row).rows).toMatchObject([{ type: 'induction', program: `import math\n${root}` }]);
  });
});

describe('a broken row', () => {
  const induction = { type: 'induction', program: 'p', pairs };
  const seed = { snippet: 's', inputs: ['1'], outputs: ['1'], message: '' };
  const broken: [string, unknown][] = [
    ['not JSON', '{"type": "deduction"'],
    ['not a JSON object', [1]],
    ['type is "riddle", not one of deduction, abduction, induction, error', { type: 'riddle', ...triplet }],
    ['input is 1, not a text', { type: 'deduction', ...triplet, input: 1 }],
    ['output is missing; it must be a text', { type: 'deduction', program: 'p', input: '1' }],
    ['pairs is missing; it must be a list of pairs of texts', { type: 'induction', program: 'p' }],
    ['pairs[1] is ["1"], not a pair of texts, [input, output]', { ...induction, pairs: [['1', '1'], ['1']] }],
    ['message is 7, not a text', { ...induction, message: 7 }],
    ['solveRate is 1.5, not a number from 0 to 1', { type: 'error', ...triplet, solveRate: 1.5 }],
    ['outputs is missing; it must be a list of texts', { snippet: 's', inputs: ['1'] }],
    ['inputs is ["1",2], not a list of texts', { ...seed, inputs: ['1', 2] }],
    ['imports is "import re", not a list of texts', { ...seed, imports: 'import re' }],
    ['it has 2 inputs and 1 outputs; they must be as many', { ...seed, inputs: ['1', '2'] }],
    [
      'unknown shape: it has the keys code, input, id; known shapes are {"type": "induction", ',
      { code: '', input: '', id: '' },
    ],
    ['unknown shape: it has no keys; known shapes are', {}],
  ];

  it.each(broken)('of a seed file is refused with its line: %s', (reason, row) => {
    const { rows, refused } = read({ type: 'deduction', ...triplet }, row, { type: 'abduction', ...triplet });
    expect(rows.map(({ line }) => line)).toEqual([1, 3]);
    expect(refused).toEqual([{ line: 2, reason: expect.stringContaining(reason) }]);
  });

  it.each(broken)('of a file that must be whole is an error that names file and line: %s', (reason, row) => {
    const file = fileOf({ type: 'deduction', ...triplet }, row);
    expect(() => readWholeTaskFile(file, TASK_TYPES)).toThrow(`${file}, line 2: ${reason}`);
  });

  it('with a value nested deeper than can be written is refused by its field', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const { refused } = read(`{"type": "deduction", "program": ${deep}}`);
    expect(refused).toEqual([{ line: 1, reason: 'program is something deeply nested, not a text' }]);
  });

  it('with a long wrong value is refused in a short line', () => {
    const { refused } = read({ type: 'deduction', ...triplet, output: Array(10_000).fill(1) });
    expect(refused[0]!.reason).toMatch(/^output is \[1,1,.{90,100}…, not a text$/);
  });
});
