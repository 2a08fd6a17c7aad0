import { printable } from '../../telemetry/words';

/** Markup that may stand in a page as it is. Made by `html` alone, so that every text in it was escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What `html` takes between its markup: texts and numbers are escaped; `undefined` and `false` are nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as it is read, in an element or in a quoted attribute; control characters but tabs are shown, not obeyed. */
const escaped = (text: string): string =>
  text
    .split('\t')
    .map(printable)
    .join('\t')
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** Markup with values in it. Values stand in elements or in quoted attributes, nowhere else. */
export function html(markup: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(markup.map((part, i) => (i === 0 ? part : markupOf(values[i - 1]) + part)).join(''));
}

function markupOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(markupOf).join('');
}
