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

const double = fc.oneof(
  fc.double(),
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -9999, max: 9999 }).map((cents) => cents / 100),
  fc.constantFrom(0, -0, 1e16, 1e-4, 9.5e-5, 5e-324, 1.7976931348623157e308, 2 ** 53, Infinity, -Infinity, NaN),
);
const integer = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 10n ** 22n, 10n ** 400n, -(10n ** 4299n)),
);
const codePoint = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 2, arbitrary: fc.constantFrom(0x27, 0x22, 0x5c, 0x0a, 0x0d, 0x09, 0, 0x7f, 0xa0, 0xad, 0x2028, 0xfeff) },
  { weight: 1, arbitrary: fc.constantFrom(0xd800, 0xdbff, 0xdc00, 0xdfff, 0xd83d, 0xde00, 0x1f600, 0xe9, 0x4e2d) },
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

/** Values of every kind, with the corners of `repr`, equality and hashing. Deterministic under fast-check's seed. */
export const arbitraryValue: fc.Arbitrary<PyValue> = fc.letrec<{ value: PyValue }>((tie) => ({
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
