import { InvalidSettings } from '../domain/errors';

export type Plain = Record<string, unknown>;

/** A mapping, or a section of a spec. */
export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every leaf of a settings object with its dotted path, in order; lists are leaves. */
export function leaves(value: unknown, prefix = ''): [path: string, value: unknown][] {
  if (!isPlain(value) || (prefix !== '' && Object.keys(value).length === 0)) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, prefix === '' ? key : `${prefix}.${key}`));
}

/**
 * Sets the leaf at a dotted path, making the sections on the way there.
 * @throws InvalidSettings for a name that every object has, such as `constructor`
 */
export function assign(target: Plain, path: string, value: unknown): void {
  const keys = path.split('.');
  if (keys.some((key) => key in Object.prototype)) {
    throw new InvalidSettings([{ path, value, legal: 'there is no such setting' }]);
  }
  const last = keys.pop()!;
  let at = target;
  for (const key of keys) {
    if (!Object.hasOwn(at, key) || !isPlain(at[key])) at[key] = {};
    at = at[key] as Plain;
  }
  at[last] = value;
}
