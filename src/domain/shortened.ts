/** The text, or its first `length` UTF-16 units where it is longer, as a message shows it. */
export const shortened = (text: string, length = 100): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;
