import { Type } from 'class-transformer';
import { IsObject, registerDecorator, ValidateNested, type ValidationArguments } from 'class-validator';

/** A number above `bound`; the bound itself is not legal. */
export const Above = (bound: number): PropertyDecorator =>
  numberThat('above', `must be a number above ${bound}`, (value) => value > bound);

/** 0, which switches something off, or a number above `bound`. */
export const ZeroOrAbove = (bound: number): PropertyDecorator =>
  numberThat('zeroOrAbove', `must be 0 or a number above ${bound}`, (value) => value === 0 || value > bound);

const numberThat =
  (name: string, message: string, isLegal: (value: number) => boolean): PropertyDecorator =>
  (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'number' && Number.isFinite(value) && isLegal(value),
        defaultMessage: ({ property: of }: ValidationArguments) => `${of} ${message}`,
      },
    });

/** A list of HTTP addresses that differ, as base URLs: what a client appends, such as `/v1`, is not part of them. */
export const HttpAddresses = (): PropertyDecorator => (target, property) => {
  registerDecorator({
    name: 'httpAddresses',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: (value: unknown) =>
        Array.isArray(value) && value.every(isBaseUrl) && new Set(value.map(baseOf)).size === value.length,
      defaultMessage: ({ property: of }: ValidationArguments) =>
        `${of} must be a list of different addresses, each such as http://127.0.0.1:8000, without a path such as /v1`,
    },
  });
};

function isBaseUrl(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, search, hash, pathname } = new URL(value);
  return /^https?:$/.test(protocol) && search === '' && hash === '' && !/\/v1\/?$/.test(pathname);
}

const baseOf = (url: string): string => new URL(url).href.replace(/\/$/, '');

/** A section of settings, validated in turn. */
export const Section =
  (type: new () => object): PropertyDecorator =>
  (target, property) => {
    IsObject()(target, property);
    ValidateNested()(target, property);
    Type(() => type)(target, property);
  };
