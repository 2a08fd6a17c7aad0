import fc from 'fast-check';
import { compact } from './compact';

const program = 'def f(x):\n x=x+3\n return x';

describe('the compact format', () => {
  it('shows a proposer its references', () => {
    const references = [{ program, input: '5', output: '8' }];
    expect(compact.renderProposer('deduction', references)).toBe(`<gen-ded><prog>${program}<in>5<out>8<think>`);
    expect(compact.renderProposer('deduction', [])).toBe('<gen-ded><think>');
  });

  it('shows a solver program and input, never the output', () => {
    expect(compact.renderSolver({ type: 'deduction', program, input: '5' })).toBe(`<ded>${program}<in>5<think>`);
  });

  it('reads a proposal', () => {
    expect(compact.parseProposal('deduction', `</think>${program}<in>5`)).toEqual({
      ok: true,
      value: { type: 'deduction', program, input: '5' },
    });
  });

  it('reads an answer after a reasoned or an empty think block', () => {
    expect(compact.parseAnswer('deduction', '5\n x=x+3#8</think>8')).toEqual({ ok: true, value: '8' });
    expect(compact.parseAnswer('deduction', '</think>[1, 2]')).toEqual({ ok: true, value: '[1, 2]' });
  });

  it.each([
    ['8', 'the think block is not closed'],
    ['</think>', 'nothing follows </think>'],
    ['</think> \n', 'nothing follows </think>'],
    ['1</think>2</think>3', 'there is more than one </think>'],
    ['</think>8<out>9', 'an answer has no tag after </think>'],
    ['</think><think>8', 'an answer has no tag after </think>'],
  ])('calls the answer %j malformed: %s', (response, detail) => {
    expect(compact.parseAnswer('deduction', response)).toEqual({ ok: false, detail });
  });

  it.each([
    [`</think>${program}`, 'a proposal has exactly one <in> after </think>'],
    [`</think>${program}<in>1<in>2`, 'a proposal has exactly one <in> after </think>'],
    [`</think>${program}<in>1<out>4`, 'a proposal has no tag but <in> after </think>'],
    [`</think><prog>${program}<in>1`, 'a proposal has no tag but <in> after </think>'],
  ])('calls the proposal %j malformed: %s', (response, detail) => {
    expect(compact.parseProposal('deduction', response)).toEqual({ ok: false, detail });
  });

  it('reads back every proposal that holds no tag', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (p, input) => {
        fc.pre(!/[<>]/.test(p + input) && (p + input).trim() !== '');
        const parsed = compact.parseProposal('deduction', `thoughts</think>${p}<in>${input}`);
        expect(parsed).toEqual({ ok: true, value: { type: 'deduction', program: p, input } });
      }),
      { seed: 1 },
    );
  });
});
