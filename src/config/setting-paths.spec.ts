import fc from 'fast-check';
import { assign, leaves, type Plain } from './setting-paths';

const key = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,6}$/);
const leaf = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.string(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
);
const { settings } = fc.letrec<{ settings: Plain; value: unknown }>((tie) => ({
  settings: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('settings')),
}));

const made = (paths: readonly [string, unknown][]): Plain => {
  const target: Plain = {};
  for (const [path, value] of paths) assign(target, path, value);
  return target;
};

describe('the leaves of settings', () => {
  it('make the settings again', () => {
    fc.assert(
      fc.property(settings, (given) => expect(made(leaves(given))).toEqual(given)),
      { seed: 1 },
    );
  });

  it('have each path once, and no section among their values', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const paths = leaves(given).map(([path]) => path);
        expect(new Set(paths).size).toBe(paths.length);
        for (const [, value] of leaves(given))
          expect(typeof value !== 'object' || value === null || Array.isArray(value)).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe('assigning a setting', () => {
  it('keeps its neighbours, and makes sections where there was a value', () => {
    const target: Plain = { a: { b: 1, c: 2 }, d: 3 };
    assign(target, 'a.b', 9);
    assign(target, 'd.e.f', 4);
    expect(target).toEqual({ a: { b: 9, c: 2 }, d: { e: { f: 4 } } });
  });
});
