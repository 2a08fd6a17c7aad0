import { canonicalArguments, parseArguments, parseValue, ValueSyntaxError, type PyValue } from '../domain/value';
import { textField, wrongField } from '../task-files/fields';
import type { JsonObject } from '../task-files/json-lines';
import { readText } from '../verifier/read-text';

/** The value of a text as `repr` writes it: `nan` and `inf` are read too. @throws AzrError naming the field */
export function valueField(row: JsonObject, field: string): PyValue {
  const text = textField(row, field);
  const value = readText((it) => parseValue(it, { allowReprNames: true }), text);
  if (value instanceof ValueSyntaxError) throw wrongField(field, text, `a Python value (${value.message})`);
  return value;
}

/** The canonical text of an argument list. @throws AzrError naming the field */
export function argumentsField(row: JsonObject, field: string): string {
  const text = textField(row, field);
  const list = readText((it) => canonicalArguments(parseArguments(it)), text);
  if (list instanceof ValueSyntaxError) throw wrongField(field, text, `an argument list (${list.message})`);
  return list;
}
