import { EqualityClasses, EqualityMode } from './equality-classes';
import { PyValue } from './value';

/**
 * `strict` (paper 3.2): `1`, `1.0` and `True` are three values, list is not tuple, set is not frozenset; sets and dicts
 * have no order; floats are equal when the doubles are, so `0.0` equals `-0.0`, and NaN equals NaN.
 * `python`: plain `==`, so `1 == 1.0 == True`, a set equals a frozenset, integers and floats compare exactly, and no
 * NaN equals another.
 */
export function equalValues(a: PyValue, b: PyValue, mode: EqualityMode): boolean {
  return new EqualityClasses(mode).areEqual(a, b);
}
