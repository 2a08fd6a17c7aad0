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

/** A section of settings, validated in turn. */
export const Section =
  (type: new () => object): PropertyDecorator =>
  (target, property) => {
    IsObject()(target, property);
    ValidateNested()(target, property);
    Type(() => type)(target, property);
  };
