import { promptFormatOf } from './prompt-format-of';

/** A tokenizer that knows some tags and spells out the rest. */
const tokenizer = (...tags: string[]) => ({
  measure: (text: string) => {
    const known = tags.reduce((left, tag) => left.replaceAll(tag, '\0'), text);
    return Promise.resolve({ tokens: known.length, contextTokens: 512 });
  },
});

describe('the format of a policy', () => {
  it('is compact where its tokenizer has a token for each tag', async () => {
    expect(await promptFormatOf(tokenizer('<ded>', '<in>', '<think>'))).toBe('compact');
  });

  it('is that of a language model where it spells them out, or knows some alone', async () => {
    expect(await promptFormatOf(tokenizer())).toBe('paper');
    expect(await promptFormatOf(tokenizer('<think>'))).toBe('paper');
  });
});
