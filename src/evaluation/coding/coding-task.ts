import type { CodingView } from '../../domain/prompt';
import type { Pair } from '../../domain/task/task';

/** A programming problem with its tests, as far as they can be told from the benchmark's text. */
export interface CodingTask {
  id: string;
  type: 'coding';
  view: CodingView;
  /** Python source that an answer may build on, such as the helper functions of what it is to complete; or empty. */
  preamble: string;
  /** What the asserts of the form `assert f(…) == …` say; held against the values of the answer's function by us. */
  pairs: readonly Pair[];
  /**
   * Python source of the benchmark's tests, where there are asserts of other forms: run beside the answer, which can
   * forge what comes of it. Absent where the pairs are all there is.
   */
  besideAnswer?: string;
}
