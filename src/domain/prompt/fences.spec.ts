import fc from 'fast-check';
import { fence, fitsFence, takeFences } from './fences';

describe('fences', () => {
  it('are found in order, with what stands outside of them', () => {
    expect(takeFences('so\n```input\n5\n```\nand\n```output\n[1,\n 2]\n```\nthen')).toEqual({
      fences: [
        { tag: 'input', text: '5' },
        { tag: 'output', text: '[1,\n 2]' },
      ],
      outline: 'so\n```\nand\n```\nthen',
      unclosed: undefined,
    });
  });

  it('may hold nothing', () => {
    expect(takeFences('```message\n```')).toEqual({
      fences: [{ tag: 'message', text: '' }],
      outline: '```',
      unclosed: undefined,
    });
    expect(takeFences(fence('message', '')).fences).toEqual([{ tag: 'message', text: '' }]);
  });

  it.each([
    ['backticks within a line', "'```'"],
    ['a closing line that is indented', ' ```'],
    ['a line that opens a fence', '```input'],
    ['four backticks', '````'],
    ['tags', '</answer>'],
  ])('hold %s as text', (_, text) => {
    expect(takeFences(fence('python', text)).fences).toEqual([{ tag: 'python', text }]);
  });

  it.each(['```output  \n4\n```\t', '``` output\n4\n``` '])(
    'may have white space beside tag and backticks: %j',
    (text) => {
      expect(takeFences(text).fences).toEqual([{ tag: 'output', text: '4' }]);
    },
  );

  it.each([
    ['an indented line', ' ```output\n4'],
    ['code within a line', '```output 4```\n4'],
    ['backticks before a tag of the format', '```</answer>'],
  ])('are not opened by %s', (_, text) => {
    expect(takeFences(text)).toEqual({ fences: [], outline: text, unclosed: undefined });
  });

  it('may have no tag, and then hide what looks like a fence in them', () => {
    expect(takeFences('```\n```output\n4\n```').fences).toEqual([{ tag: '', text: '```output\n4' }]);
  });

  it('that are still open at the end are named, and not among the others', () => {
    expect(takeFences('```input\n5\n```\n```output\n4')).toEqual({
      fences: [{ tag: 'input', text: '5' }],
      outline: '```\n',
      unclosed: 'output',
    });
  });

  it('hold every text that fits, and are ended early by a text that does not', () => {
    const piece = fc.oneof(fc.constantFrom('```', '```python', '`', '\n', '\r', ' '), fc.string());
    const text = fc.array(piece).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        fc.pre(fitsFence(a) && fitsFence(b));
        const { fences, outline } = takeFences(`${fence('python', a)}\n${fence('input', b)}`);
        expect(fences.map((each) => each.text)).toEqual([a, b]);
        expect(outline).toBe('```\n```');
      }),
      { seed: 1 },
    );
    expect(takeFences(fence('python', 'a\n```\nb')).fences).toEqual([{ tag: 'python', text: 'a' }]);
  });

  it.each(['```', '```python', 'a\n```', 'a\n``` \nb', 'a\rb', 'a\r'])('do not fit %j', (text) => {
    expect(fitsFence(text)).toBe(false);
  });

  it.each(['', '``', "'```'", 'def f(x):\n    """```"""', ' ```'])('fit %j', (text) => {
    expect(fitsFence(text)).toBe(true);
  });
});
