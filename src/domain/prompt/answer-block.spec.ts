import fc from 'fast-check';
import { parseAnswerBlock, renderAnswerBlock } from './answer-block';

const block = '<answer>\n```output\n4\n```\n</answer>';
const four = { ok: true, value: [{ tag: 'output', text: '4' }] };

describe('an answer block', () => {
  it.each([
    ['after thoughts', `add\n</think>\n${block}`],
    ['after no thoughts', `</think>${block}`],
    ['with white space around it', `\n</think> \n\t ${block}\n\n `],
    ['after a fence in the think block', `\`\`\`output\n5\n\`\`\`\n</think>${block}`],
    ['after a fence that the think block leaves open', `\`\`\`output\n5\n</think>${block}`],
    ['after an answer block in the think block', `${block.replace('4', '5')} no </think>${block}`],
    ['after another opening of the think block', `<think> add </think>${block}`],
    ['with prose in it', '</think><answer>It is\n```output\n4\n```\nI think.</answer>'],
    ['with CRLF line ends', `add\r\n</think>\r\n${block.replaceAll('\n', '\r\n')}\r\n`],
  ])('is read %s', (_, response) => {
    expect(parseAnswerBlock(response)).toEqual(four);
  });

  it('may hold the tags of the format in its fences', () => {
    const text = "return '</answer><answer></think><think>'";
    const response = `</think>\n<answer>\n\`\`\`python\n${text}\n\`\`\`\n</answer>`;
    expect(parseAnswerBlock(response)).toEqual({ ok: true, value: [{ tag: 'python', text }] });
  });

  it('may hold no fence', () => {
    expect(parseAnswerBlock('</think><answer>4</answer>')).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['', 'the think block is not closed: </think> is missing'],
    [block, 'the think block is not closed: </think> is missing'],
    ['add</think>', 'the answer block is missing: <answer> has to follow </think>'],
    ['add</think>\n```output\n4\n```', 'the answer block is missing: <answer> has to follow </think>'],
    [`${block}<think>easy</think>`, 'the answer block is missing: <answer> has to follow </think>'],
    [`add</think> so ${block}`, 'text stands between </think> and <answer>'],
    [`add</think><think>or not</think>${block}`, 'text stands between </think> and <answer>'],
    ['</think><answer>', 'the answer block is not closed: </answer> is missing'],
    ['</think><answer>\n```output\n4\n```\n', 'the answer block is not closed: </answer> is missing'],
    ['</think><answer>\n```output\n4', 'no line of three backticks closes the last fence, ```output'],
    ['</think><answer>\n```output\n4\n</answer>', 'no line of three backticks closes the last fence, ```output'],
    ['</think><answer>\n```output\n4\n```</answer>', 'no line of three backticks closes the last fence, ```output'],
    [`</think><answer>${block}</answer>`, '<answer> stands in the answer block, outside its fences'],
    ['</think><answer></think></answer>', '</think> stands in the answer block, outside its fences'],
    [`</think>${block}${block}`, 'there is more than one answer block'],
    [`</think><answer>x</answer> so ${block}`, 'there is more than one answer block'],
    [`</think>${block}\nI hope that this helps!`, 'text follows </answer>'],
    [`</think>${block}\n\`\`\`output\n5\n\`\`\``, 'text follows </answer>'],
    [`</think>${block}</answer>`, 'text follows </answer>'],
  ])('is refused in %j: %s', (response, detail) => {
    expect(parseAnswerBlock(response)).toEqual({ ok: false, detail });
  });

  it('is written as it is read', () => {
    expect(renderAnswerBlock([{ tag: 'output', text: '4' }])).toBe(`</think>\n${block}`);
  });

  it('is what its fences hold, whatever is thought, said beside them and told in them', () => {
    const fragment = fc.constantFrom(
      ...['<answer>', '</answer>', '<think>', '```', '```output', '``', '4', "'''", '"', ' ', '\n', '\\', '\0', 'ﬁ'],
    );
    const soup = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));
    const line = (text: string) => text.replaceAll(/<\/?(?:think|answer)>/g, '.').replaceAll(/^```/gm, '.');
    const held = soup.map((text) => text.replaceAll(/^``` *$/gm, '.'));
    const fence = fc.record({ tag: fc.constantFrom('output', 'python', ''), text: held });
    fc.assert(
      fc.property(soup, fc.array(fc.tuple(soup, fence), { maxLength: 5 }), soup, (thoughts, fences, rest) => {
        const said = fences.map(([prose, { tag, text }]) => `${line(prose)}\n\`\`\`${tag}\n${text}\n\`\`\``);
        const response = `${thoughts}</think><answer>${[...said, line(rest)].join('\n')}</answer>`;
        const value = fences.map(([, it]) => it);
        expect(parseAnswerBlock(response)).toEqual({ ok: true, value });
        expect(parseAnswerBlock(response.replaceAll('\n', '\r\n'))).toEqual({ ok: true, value });
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it.each([
    '`',
    '\n',
    '\r\n',
    ' ',
    '```\n',
    '```output\n',
    '<answer>',
    '</answer>',
    '</think>',
    '<answer>\n```\n',
    '<answer>```\n```\n</answer>\n',
  ])('is looked for in a megabyte of %j in no time', (hostile) => {
    const text = hostile.repeat(2 ** 20 / hostile.length);
    const start = performance.now();
    for (const before of ['', '</think>', '</think><answer>', '</think><answer>\n```output\n']) {
      parseAnswerBlock(before + text);
    }
    expect(performance.now() - start).toBeLessThan(2_000); // what is quadratic takes minutes
  });
});
