import { PyValue } from './value';

/** What stands between the parentheses of a call. */
export interface Arguments {
  readonly positional: readonly PyValue[];
  /** In the order of the text; no name twice. */
  readonly keyword: readonly (readonly [name: string, value: PyValue])[];
}
