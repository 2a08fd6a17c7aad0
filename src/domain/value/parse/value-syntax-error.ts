/** A text that is not a value: outside the grammar, refused by Python, or over a bound. */
export class ValueSyntaxError extends Error {
  override readonly name = 'ValueSyntaxError';

  /** @param offset UTF-16 code units from the start of the text */
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(`${message} (at offset ${offset})`);
  }
}
