import { InvalidValueError, PyComplex, pyComplex } from '../value';
import { divisionByZero } from './integer-arithmetic';

/** CPython's `Objects/complexobject.c`, up to 3.13: a real operand has the imaginary part 0.0. */
export function complexOperation(operator: string, a: PyComplex, b: PyComplex): PyComplex {
  switch (operator) {
    case '+':
      return pyComplex(a.re + b.re, a.im + b.im);
    case '-':
      return pyComplex(a.re - b.re, a.im - b.im);
    case '*':
      return pyComplex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
    case '/':
      return divide(a, b);
    default:
      throw new InvalidValueError(`${operator} is not defined here for complex numbers`);
  }
}

/** Smith's method, which scales by the larger part of the divisor (`_Py_c_quot`). */
function divide(a: PyComplex, b: PyComplex): PyComplex {
  if (b.re === 0 && b.im === 0) throw divisionByZero();
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const scale = b.re + b.im * ratio;
    return pyComplex((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale);
  }
  if (Math.abs(b.im) >= Math.abs(b.re)) {
    const ratio = b.re / b.im;
    const scale = b.re * ratio + b.im;
    return pyComplex((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale);
  }
  return pyComplex(NaN, NaN);
}
