import { Type } from 'class-transformer';
import { IsObject, registerDecorator, ValidateNested, type ValidationArguments } from 'class-validator';

/** A number above `bound`; the bound itself is not legal. */
export const Above =
  (bound: number): PropertyDecorator =>
  (target, property) =>
    registerDecorator({
      name: 'above',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value > bound,
        defaultMessage: ({ property: name }: ValidationArguments) => `${name} must be a number above ${bound}`,
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
