import { WorkMeter, boundedInteger } from '../limits';
import { InvalidValueError, PyBool, PyComplex, PyFloat, PyInt, PyValue, pyComplex, pyFloat, pyInt } from '../value';
import { complexOperation } from './complex-arithmetic';
import { floatOperation } from './float-arithmetic';
import { integerOperation, integerPower, integerToDouble, trueDivide } from './integer-arithmetic';
import { unitsOfOperation } from './integer-size';

type PyNumber = PyBool | PyInt | PyFloat | PyComplex;

/**
 * `a operator b` for `+ - * / // % **`.
 * @throws InvalidValueError for operands that are not numbers, where Python raises, and for results over a bound
 */
export function binaryOperation(operator: string, a: PyValue, b: PyValue, meter: WorkMeter): PyValue {
  const left = numberOperand(operator, a);
  const right = numberOperand(operator, b);
  if (left.kind === 'complex' || right.kind === 'complex') {
    meter.charge(1);
    return complexOperation(operator, toComplex(left), toComplex(right));
  }
  if (left.kind === 'float' || right.kind === 'float') {
    return pyFloat(floatOperation(operator, toDouble(left), toDouble(right), meter));
  }
  return integersOperation(operator, toInteger(left), toInteger(right), meter);
}

/** `+a`, `-a` or `~a`. @throws InvalidValueError for an operand that has no such operation */
export function unaryOperation(operator: string, operand: PyValue, meter: WorkMeter): PyValue {
  const value = numberOperand(operator, operand);
  if (value.kind === 'int' || value.kind === 'bool') {
    const integer = toInteger(value);
    meter.charge(unitsOfOperation(integer, 1n));
    return pyInt(operator === '+' ? integer : operator === '-' ? -integer : boundedInteger(-integer - 1n));
  }
  if (operator === '~') throw new InvalidValueError(`~ is not defined for a ${value.kind}`);
  meter.charge(1);
  if (operator === '+') return value;
  return value.kind === 'float' ? pyFloat(-value.value) : pyComplex(-value.re, -value.im);
}

/** CPython's `float(a)` of a real number. @throws InvalidValueError for an integer beyond the largest double */
export function toDouble(value: Exclude<PyNumber, PyComplex>): number {
  return value.kind === 'float' ? value.value : integerToDouble(toInteger(value));
}

export function toInteger(value: PyBool | PyInt): bigint {
  return BigInt(value.value);
}

export function isNumber(value: PyValue): value is PyNumber {
  return value.kind === 'int' || value.kind === 'bool' || value.kind === 'float' || value.kind === 'complex';
}

function integersOperation(operator: string, a: bigint, b: bigint, meter: WorkMeter): PyValue {
  if (operator === '/') return pyFloat(trueDivide(a, b, meter));
  if (operator !== '**') return pyInt(integerOperation(operator, a, b, meter));
  if (b >= 0n) return pyInt(integerPower(a, b, meter));
  return pyFloat(floatOperation('**', integerToDouble(a), integerToDouble(b), meter));
}

function toComplex(value: PyNumber): PyComplex {
  return value.kind === 'complex' ? value : pyComplex(toDouble(value), 0);
}

function numberOperand(operator: string, value: PyValue): PyNumber {
  if (isNumber(value)) return value;
  throw new InvalidValueError(`${operator} is for numbers, not for a ${value.kind}`);
}
