import { canonicalText, pyStr } from '../domain/value';

/** Python source of a text, so that nothing in it can be taken for a part of the program around it. */
export const textLiteral = (text: string): string => canonicalText(pyStr(text));
