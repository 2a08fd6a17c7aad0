import { textField } from './fields';
import { has, type RowShape } from './row-shape';

/** A row of CRUXEval (arXiv 2401.03065). */
export interface CruxevalRow {
  /** Python source that defines `f`. */
  code: string;
  /** Source of an argument list; it need not be made of values. */
  input: string;
  /** Value of `f(input)`, as Python writes it. */
  output: string;
  /** The benchmark's own name of the row, where it has one. */
  id?: string;
}

export const CRUXEVAL_SHAPE: RowShape<CruxevalRow> = {
  form: '{"code", "input", "output"}',
  fits: (row) => has(row, 'code', 'input', 'output'),
  read: (row) => ({
    code: textField(row, 'code'),
    input: textField(row, 'input'),
    output: textField(row, 'output'),
    ...(has(row, 'id') && { id: textField(row, 'id') }),
  }),
};
