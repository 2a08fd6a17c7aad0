import fc from 'fast-check';
import { paper } from './paper';
import type { ProposalRules, SolverView } from './prompt-format';

const program = 'def f(x):\n    return x + 3';
const rules: ProposalRules = { banned: ['os', 'random'], bannedKeywords: ['raise', 'assert'], timeoutSeconds: 7 };
const references = [
  { program, input: '5', output: '8' },
  { program: 'def f(s):\n    return s[::-1]', input: "'ab'", output: "'ba'" },
];

/** A response whose answer block holds this. */
const answering = (answer: string): string => `why\n</think>\n<answer>\n${answer}\n</answer>`;
const fenced = (tag: string, text: string): string => `\`\`\`${tag}\n${text}\n\`\`\``;

describe('a programming problem', () => {
  it('is shown with the name of its function, and asks for one fence', () => {
    const source = 'def add(x, y):\n    """Sum."""\n';
    const completion = paper.renderCoding({ form: 'completion', entry: 'add', source });
    expect(completion).toContain(`as its description says.\n\n${fenced('python', source.trimEnd())}\n`);
    const example = 'assert add(1, 2) == 3';
    const instruction = paper.renderCoding({ form: 'instruction', entry: 'add', text: 'Add two.', example });
    expect(instruction).toContain(
      `\n\nAdd two.\n\nThis is one of the tests that have to pass:\n\n${fenced('python', example)}`,
    );
    for (const prompt of [completion, instruction]) {
      expect(prompt).toContain('the function `add`, which returns its result');
      expect(prompt).toContain(fenced('python', 'def add(...):\n    ...\n    return ...'));
      expect(prompt).toMatch(/Assistant: <think>$/);
    }
  });
});

describe('a proposer', () => {
  it.each(['deduction', 'abduction', 'error'] as const)('of %s is told what a program has to be', (type) => {
    const prompt = paper.renderProposer({ type, references, rules });
    for (const requirement of [
      'entry function `f`',
      'at least one parameter',
      '`f` returns a value',
      'deterministic',
      'keeps state, and changes it over several transformations',
      'no randomness, no clock, no I/O and no printing',
      'nothing outside of itself',
      'within 7 s',
      'Imports and classes stand at the top',
      'none of these modules and names: os, random.',
      'Does it run',
      'hard to predict',
      'different from the references',
    ]) {
      expect(prompt).toContain(requirement);
    }
  });

  it('is told of banned keywords in error tasks alone, and of what is banned only if something is', () => {
    const ask = (type: 'deduction' | 'error', asked: ProposalRules): string =>
      paper.renderProposer({ type, references, rules: asked });
    expect(ask('error', rules)).toContain('none of these keywords: raise, assert.');
    expect(ask('deduction', rules)).not.toContain('keywords');
    expect(ask('error', { ...rules, banned: [], bannedKeywords: [] })).not.toContain('none of these');
  });

  it('is shown its references in order, and hears of none where there are none', () => {
    const shown =
      `${fenced('python', program)}\n${fenced('input', '5')}\n${fenced('output', '8')}\n\n` +
      `${fenced('python', references[1]!.program)}\n${fenced('input', "'ab'")}\n${fenced('output', "'ba'")}\n`;
    expect(paper.renderProposer({ type: 'deduction', references, rules })).toContain(shown);
    expect(paper.renderProposer({ type: 'deduction', references: [], rules })).not.toContain('reference');
  });

  it('is told what its solver has to find', () => {
    const ask = (type: 'deduction' | 'abduction' | 'error'): string =>
      paper.renderProposer({ type, references, rules });
    expect(ask('deduction')).toContain('has to find what `f` returns');
    expect(ask('abduction')).toContain('has to find an input');
    expect(ask('error')).toContain('has to name the type of the exception');
  });

  it('of induction is shown the program and asked for so many inputs and a message', () => {
    const prompt = paper.renderProposer({ type: 'induction', program, inputs: 12, rules });
    expect(prompt).toContain(fenced('python', program));
    expect(prompt).toContain('12 fences tagged input and one tagged message');
    expect(prompt).toContain('within 7 s');
    expect(prompt).toContain('neither code of the program nor its outputs');
  });

  it('is read from fences in any order, the last of each tag, beside prose and other fences', () => {
    const response = answering(
      [fenced('input', '1'), 'no:', fenced('input', '2'), fenced('text', 'so'), fenced('python', program)].join('\n'),
    );
    expect(paper.parseTriplet('error', response)).toEqual({ ok: true, value: { type: 'error', program, input: '2' } });
  });

  it('of induction is read with every input, in order, and the last message', () => {
    const response = answering(
      [fenced('message', 'a'), fenced('input', '2'), fenced('input', '1, 3'), fenced('message', 'b')].join('\n\n'),
    );
    expect(paper.parseInputs(response)).toEqual({ ok: true, value: { inputs: ['2', '1, 3'], message: 'b' } });
  });

  it.each([
    ['nothing', '', 'the answer has no fence tagged python'],
    ['no program', fenced('input', '1'), 'the answer has no fence tagged python'],
    ['a program in a fence without a tag', fenced('', program), 'the answer has no fence tagged python'],
    ['a tag in capitals', fenced('Python', program), 'the answer has no fence tagged python'],
    ['no input', fenced('python', program), 'the answer has no fence tagged input'],
    ['an input in prose', `${fenced('python', program)}\ninput: 1`, 'the answer has no fence tagged input'],
  ])('is malformed with %s', (_, answer, detail) => {
    expect(paper.parseTriplet('deduction', answering(answer))).toEqual({ ok: false, detail });
  });

  it.each([
    ['inputs in prose', `# Input: 1\n${fenced('message', 'a')}`, 'the answer has no fence tagged input'],
    ['no message', fenced('input', '1'), 'the answer has no fence tagged message'],
  ])('of induction is malformed with %s', (_, answer, detail) => {
    expect(paper.parseInputs(answering(answer))).toEqual({ ok: false, detail });
  });
});

describe('a solver', () => {
  const pairs = [
    { input: '5', output: '8' },
    { input: '-3', output: '0' },
  ];

  it.each<[SolverView, string[], string]>([
    [
      { type: 'deduction', program, input: '51' },
      [fenced('python', program), fenced('input', '51')],
      'one fence tagged output',
    ],
    [
      { type: 'abduction', program, output: '54' },
      [fenced('python', program), fenced('output', '54')],
      'one fence tagged input',
    ],
    [
      { type: 'error', program, input: '51' },
      [fenced('python', program), fenced('input', '51'), 'NoError'],
      'one fence tagged output',
    ],
    [
      { type: 'induction', pairs, message: 'It adds.' },
      [
        `${fenced('input', '5')}\n${fenced('output', '8')}\n\n${fenced('input', '-3')}\n${fenced('output', '0')}`,
        fenced('message', 'It adds.'),
      ],
      'one fence tagged python',
    ],
  ])('is shown the task and asked for an answer: %j', (view, shown, asked) => {
    const prompt = paper.renderSolver(view);
    for (const text of [...shown, asked]) expect(prompt).toContain(text);
  });

  it('hears of no message where there is none', () => {
    expect(paper.renderSolver({ type: 'induction', pairs, message: '' })).not.toContain('message');
  });

  it.each([
    ['deduction', 'output', 'input'],
    ['abduction', 'input', 'output'],
    ['induction', 'python', 'output'],
    ['error', 'output', 'python'],
  ] as const)('of %s answers in a fence tagged %s', (type, tag, other) => {
    const response = answering([fenced(tag, 'no'), fenced(other, 'else'), fenced(tag, 'yes')].join('\n'));
    expect(paper.parseAnswer(type, response)).toEqual({ ok: true, value: 'yes' });
    expect(paper.parseAnswer(type, answering(fenced(other, 'else')))).toEqual({
      ok: false,
      detail: `the answer has no fence tagged ${tag}`,
    });
  });

  it('is malformed for what its blocks lack', () => {
    expect(paper.parseAnswer('deduction', fenced('output', '4'))).toEqual({
      ok: false,
      detail: 'the think block is not closed: </think> is missing',
    });
  });
});

describe('the paper format', () => {
  it('puts every prompt as a conversation that goes on with thoughts, and stops at the end of the answer', () => {
    for (const prompt of [
      paper.renderProposer({ type: 'deduction', references, rules }),
      paper.renderProposer({ type: 'induction', program, inputs: 10, rules }),
      paper.renderSolver({ type: 'deduction', program, input: '5' }),
    ]) {
      expect(prompt).toMatch(/^A user asks an assistant a question\. .*\nUser: [^]*\nAssistant: <think>$/);
    }
    expect(paper.stop).toEqual(['</answer>']);
  });

  it('reads back an empty message', () => {
    const response = paper.renderProposal({ type: 'induction', program, inputs: ['1'], message: '' });
    expect(paper.parseInputs(response)).toEqual({ ok: true, value: { inputs: ['1'], message: '' } });
  });

  it.each(['<think>', '</think>', '<answer>', '</answer>', '\n```\n', '```input', '\r\n'])(
    'cannot show a text with %j in it',
    (text) => {
      expect(paper.canShow(`${text}'`)).toBe(false);
    },
  );

  it.each(['', "'```'", 'def f(x):\n    """```"""', '<b> < answer> <in>', 'λ\n\n'])('can show %j', (text) => {
    expect(paper.canShow(text)).toBe(true);
  });

  it('reads nothing but itself: no response but a whole one is well formed', () => {
    const response = paper.renderAnswer('deduction', '[1, 2]');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: response.length - 1 }), (length) => {
        expect(paper.parseAnswer('deduction', response.slice(0, length)).ok).toBe(false);
      }),
      { seed: 1 },
    );
  });
});
