import fc from 'fast-check';
import {
  PyValue,
  pyBool,
  pyBytes,
  pyComplex,
  pyDict,
  pyEllipsis,
  pyFloat,
  pyFrozenset,
  pyInt,
  pyList,
  pyNone,
  pyRange,
  pySet,
  pyStrOf,
  pyTuple,
} from '../../../src/domain/value';
import { isPrintable } from '../../../src/domain/value/repr/printable';

/** Where `repr` changes its form, where digits are many, where doubles end. */
const FLOAT_EDGES = [
  ...[0, 1e16, 9999999999999998, 1e15, 123456789012345.6, 1e-4, 9.999999999999999e-5, 1e-5, 1e22, 1e23, 2 ** 53],
  ...[5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, Number.MAX_VALUE, 0.1 + 0.2, 1 / 3, Infinity, NaN],
];
const INTEGER_EDGES = [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n, 10n ** 22n, 10n ** 23n, 2n ** 1024n];

/** Code points on both sides of each border between what is printed and what is not. */
const PRINTABLE_BORDERS = Array.from({ length: 0x110000 }, (_, point) => point).filter(
  (point) => isPrintable(point) !== isPrintable(point + 1) || isPrintable(point) !== isPrintable(point - 1),
);

const double = fc.oneof(
  fc.double(),
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -9999, max: 9999 }).map((cents) => cents / 100),
  fc.tuple(fc.constantFrom(...FLOAT_EDGES), fc.constantFrom(1, -1)).map(([edge, sign]) => sign * edge),
);
const huge = fc
  .tuple(fc.integer({ min: 20, max: 4299 }), fc.bigInt({ min: -2n, max: 2n }), fc.constantFrom(1n, -1n))
  .map(([exponent, difference, sign]) => sign * (10n ** BigInt(exponent) + difference));
const integer = fc.oneof(
  { weight: 40, arbitrary: fc.bigInt({ min: -3n, max: 3n }) },
  { weight: 30, arbitrary: fc.bigInt({ min: -1000n, max: 1000n }) },
  { weight: 20, arbitrary: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }) },
  { weight: 9, arbitrary: fc.constantFrom(...INTEGER_EDGES, ...INTEGER_EDGES.map((edge) => -edge)) },
  { weight: 1, arbitrary: huge },
);
const codePoint = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 4, arbitrary: fc.constantFrom(0x27, 0x22, 0x5c, 0x0a, 0x0d, 0x09, 0, 0x7f, 0xa0, 0xad, 0x2028, 0xfeff) },
  { weight: 2, arbitrary: fc.constantFrom(0xd800, 0xdbff, 0xdc00, 0xdfff, 0xd83d, 0xde00, 0x1f600, 0xe9, 0x4e2d) },
  { weight: 1, arbitrary: fc.constantFrom(...PRINTABLE_BORDERS) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x10ffff }) },
);
const smallInteger = fc.bigInt({ min: -9n, max: 9n });
const step = smallInteger.filter((value) => value !== 0n);

const scalar: fc.Arbitrary<PyValue> = fc.oneof(
  { weight: 4, arbitrary: integer.map(pyInt) },
  { weight: 3, arbitrary: double.map(pyFloat) },
  { weight: 3, arbitrary: fc.array(codePoint, { maxLength: 8 }).map(pyStrOf) },
  { weight: 2, arbitrary: fc.boolean().map(pyBool) },
  { weight: 1, arbitrary: fc.constantFrom<PyValue[]>(pyNone, pyEllipsis) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map(pyBytes) },
  { weight: 1, arbitrary: fc.tuple(double, double).map(([re, im]) => pyComplex(re, im)) },
  { weight: 1, arbitrary: fc.tuple(smallInteger, smallInteger, step).map((bounds) => pyRange(...bounds)) },
);

const hashable = fc.letrec<{ value: PyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map(pyTuple),
    fc.array(tie('value'), { maxLength: 4 }).map((members) => pyFrozenset(members)),
  ),
})).value;

const WRAPPINGS = {
  list: (value: PyValue) => pyList([value]),
  tuple: (value: PyValue) => pyTuple([value]),
  dict: (value: PyValue) => pyDict([[pyInt(1), value]]),
};
const deep = fc
  .tuple(scalar, fc.array(fc.constantFrom(...Object.values(WRAPPINGS)), { minLength: 10, maxLength: 90 }))
  .map(([value, wrappings]) => wrappings.reduce((inner, wrap) => wrap(inner), value));

const shallow: fc.Arbitrary<PyValue> = fc.letrec<{ value: PyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }).map(pyList),
    fc.array(tie('value'), { maxLength: 4 }).map(pyTuple),
    fc.array(hashable, { maxLength: 5 }).map((members) => pySet(members)),
    fc.array(hashable, { maxLength: 5 }).map((members) => pyFrozenset(members)),
    fc.array(fc.tuple(hashable, tie('value')), { maxLength: 4 }).map((entries) => pyDict(entries)),
  ),
})).value;

/** Values of every kind, with the corners of `repr`, equality and hashing. Deterministic under fast-check's seed. */
export const arbitraryValue: fc.Arbitrary<PyValue> = fc.oneof(
  { weight: 49, arbitrary: shallow },
  { weight: 1, arbitrary: deep },
);
