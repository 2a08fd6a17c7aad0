import fc from 'fast-check';
import { compact } from './compact';
import type { ProposalRules } from './prompt-format';

const program = 'def f(x):\n x=x+3\n return x';
const references = [
  { program, input: '5', output: '8' },
  { program: 'def f(x):\n return x', input: "'a'", output: "'a'" },
];
const rules: ProposalRules = { banned: ['os'], bannedKeywords: ['raise'], timeoutSeconds: 1 };
const shown = `<prog>${program}<in>5<out>8<prog>def f(x):\n return x<in>'a'<out>'a'`;

describe('the compact format', () => {
  it.each([
    ['deduction', '<gen-ded>'],
    ['abduction', '<gen-abd>'],
    ['error', '<gen-err>'],
  ] as const)('shows a proposer of %s its references', (type, tag) => {
    expect(compact.renderProposer({ type, references, rules })).toBe(`${tag}${shown}<think>`);
    expect(compact.renderProposer({ type, references: [], rules })).toBe(`${tag}<think>`);
  });

  it('shows a proposer of induction its program', () => {
    const prompt = compact.renderProposer({ type: 'induction', program, inputs: 6, rules });
    expect(prompt).toBe(`<gen-ind><prog>${program}<think>`);
  });

  it.each([
    ['deduction', '<ded>'],
    ['error', '<err>'],
  ] as const)('shows a solver of %s program and input', (type, tag) => {
    expect(compact.renderSolver({ type, program, input: '5' })).toBe(`${tag}${program}<in>5<think>`);
  });

  it('shows a solver of abduction program and output', () => {
    expect(compact.renderSolver({ type: 'abduction', program, output: '8' })).toBe(`<abd>${program}<out>8<think>`);
  });

  it('shows a solver of induction the pairs, and has no place for the message', () => {
    const pairs = [
      { input: '5', output: '8' },
      { input: '-3', output: '0' },
    ];
    const prompt = compact.renderSolver({ type: 'induction', pairs, message: 'adds' });
    expect(prompt).toBe('<ind><in>5<out>8<in>-3<out>0<think>');
  });

  it('puts a programming problem as it stands', () => {
    const source = 'def add(x, y):\n    """Sum."""\n';
    expect(compact.renderCoding({ form: 'completion', entry: 'add', source })).toBe(`<ind>${source}<think>`);
    const asked = { form: 'instruction', entry: 'add', text: 'Add.', example: 'assert add(1, 2) == 3' } as const;
    expect(compact.renderCoding(asked)).toBe('<ind>Add.\nassert add(1, 2) == 3<think>');
  });

  it('reads a proposal', () => {
    expect(compact.parseTriplet('abduction', `</think>${program}<in>5`)).toEqual({
      ok: true,
      value: { type: 'abduction', program, input: '5' },
    });
  });

  it('reads as many inputs as there are', () => {
    const read = (response: string): unknown => compact.parseInputs(response);
    expect(read('</think>5')).toEqual({ ok: true, value: { inputs: ['5'], message: '' } });
    expect(read('why</think>5<in>-3, 1<in>[]')).toEqual({
      ok: true,
      value: { inputs: ['5', '-3, 1', '[]'], message: '' },
    });
  });

  it('reads an answer after a reasoned or an empty think block', () => {
    expect(compact.parseAnswer('deduction', '5\n x=x+3#8</think>8')).toEqual({ ok: true, value: '8' });
    expect(compact.parseAnswer('abduction', '</think>[1, 2]')).toEqual({ ok: true, value: '[1, 2]' });
    expect(compact.parseAnswer('induction', `</think>${program}`)).toEqual({ ok: true, value: program });
    expect(compact.parseAnswer('error', '</think>NoError')).toEqual({ ok: true, value: 'NoError' });
  });

  it.each([
    ['8', 'the think block is not closed'],
    ['</think>', 'nothing follows </think>'],
    ['</think> \n', 'nothing follows </think>'],
    ['1</think>2</think>3', 'there is more than one </think>'],
    ['</think>8<out>9', 'an answer has no tag after </think>'],
    ['</think><think>8', 'an answer has no tag after </think>'],
    ['</think>8<err>', 'an answer has no tag after </think>'],
  ])('calls the answer %j malformed: %s', (response, detail) => {
    expect(compact.parseAnswer('deduction', response)).toEqual({ ok: false, detail });
  });

  it.each([
    [program, 'the think block is not closed'],
    [`</think>${program}`, 'a proposal has exactly one <in> after </think>'],
    [`</think>${program}<in>1<in>2`, 'a proposal has exactly one <in> after </think>'],
    [`</think>${program}<in>1<out>4`, 'a proposal has no tag but <in> after </think>'],
    [`</think><prog>${program}<in>1`, 'a proposal has no tag but <in> after </think>'],
  ])('calls the proposal %j malformed: %s', (response, detail) => {
    expect(compact.parseTriplet('deduction', response)).toEqual({ ok: false, detail });
  });

  it.each([
    ['5<in>6', 'the think block is not closed'],
    ['</think>', 'nothing follows </think>'],
    ['</think>5<out>8<in>6', 'inputs have no tag but <in> after </think>'],
    ['</think><prog>5<in>6', 'inputs have no tag but <in> after </think>'],
  ])('calls the inputs %j malformed: %s', (response, detail) => {
    expect(compact.parseInputs(response)).toEqual({ ok: false, detail });
  });

  it('reads back every proposal that holds no tag, whatever was thought before', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (p, input) => {
        fc.pre(!/[<>]/.test(p + input) && (p + input).trim() !== '');
        const parsed = compact.parseTriplet('deduction', `thoughts</think>${p}<in>${input}`);
        expect(parsed).toEqual({ ok: true, value: { type: 'deduction', program: p, input } });
      }),
      { seed: 1 },
    );
  });

  it.each([
    '<think>',
    '</think>',
    '<prog>',
    '<in>',
    '<out>',
    '<ded>',
    '<abd>',
    '<ind>',
    '<err>',
    '<gen-ind>',
    '<|end|>',
  ])('cannot show a text with %s in it', (tag) => {
    expect(compact.canShow(`'${tag}'`)).toBe(false);
  });

  it('can show what only looks like a tag', () => {
    expect(compact.canShow('a <b> </in> <int> < in >')).toBe(true);
  });
});
