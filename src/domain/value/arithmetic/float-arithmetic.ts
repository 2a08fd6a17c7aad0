import { WorkMeter } from '../limits';
import { floatPower } from './float-power';
import { divisionByZero } from './integer-arithmetic';

/**
 * CPython's `Objects/floatobject.c`.
 * @throws InvalidValueError where that raises, and for a power that is not certain to the last bit
 */
export function floatOperation(operator: string, a: number, b: number, meter: WorkMeter): number {
  meter.charge(1);
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '**':
      return floatPower(a, b, meter);
  }
  if (b === 0) throw divisionByZero();
  if (operator === '/') return a / b;
  return operator === '//' ? floorDivide(a, b) : modulo(a, b);
}

/** The sign is that of `b`, a zero's too (`float_rem`). */
function modulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return copySign(0, b);
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** `_float_div_mod`: the quotient is taken from the remainder, so that `a == b * (a // b) + a % b` nearly holds. */
function floorDivide(a: number, b: number): number {
  const rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) quotient -= 1;
  if (quotient === 0) return copySign(0, a / b);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function copySign(magnitude: number, sign: number): number {
  return sign < 0 || Object.is(sign, -0) ? -magnitude : magnitude;
}
