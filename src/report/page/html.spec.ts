import { html } from './html';

describe('html', () => {
  it('escapes texts in elements and attributes, and keeps markup that it made', () => {
    const hostile = `<b>"&'`;
    expect(html`<p title="${hostile}">${hostile}${html`<i>${1}</i>`}</p>`.markup).toBe(
      '<p title="&lt;b&gt;&quot;&amp;&#39;">&lt;b&gt;&quot;&amp;&#39;<i>1</i></p>',
    );
  });

  it('shows control characters and leaves out what is not there', () => {
    expect(html`${'a\u0000\t\n\u202e'}${undefined}${false}${[0, 'x']}`.markup).toBe('a\\u0000\t\n\\u202e0x');
  });
});
