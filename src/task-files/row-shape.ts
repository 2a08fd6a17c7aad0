import { unknownShape } from './fields';
import type { JsonObject } from './json-lines';

/** A kind of row, told from others by its keys. */
export interface RowShape<T> {
  /** As a person is told it. */
  form: string;
  fits(row: JsonObject): boolean;
  /** @throws AzrError naming the field that is wrong */
  read(row: JsonObject): T;
}

export const has = (row: JsonObject, ...fields: string[]): boolean =>
  fields.every((field) => Object.hasOwn(row, field));

/** What the first shape that fits makes of a row. @throws AzrError saying what is wrong, without file or line */
export function readRow<T>(row: JsonObject, shapes: readonly RowShape<T>[]): T {
  const shape = shapes.find(({ fits }) => fits(row));
  if (shape !== undefined) return shape.read(row);
  throw unknownShape(
    row,
    shapes.map(({ form }) => form),
  );
}
