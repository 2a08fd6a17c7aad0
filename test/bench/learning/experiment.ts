import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** One self-play run of the benchmark: a variant of the settings with a seed. */
export interface Experiment {
  /** `default`, `shuffled`, or the name of the settings file. */
  variant: string;
  seed: number;
  minutes: number;
  /** YAML file with settings on top of the preset. */
  config?: string;
  /** As for `azr train --set`. */
  sets: readonly string[];
}

export interface Wanted {
  seeds: number;
  minutes: number;
  control: boolean;
  configs: readonly string[];
}

/** Variant by variant, seed by seed, so that what is cut off has whole variants first. */
export function experimentsOf({ seeds, minutes, control, configs }: Wanted): Experiment[] {
  const variants: Pick<Experiment, 'variant' | 'config' | 'sets'>[] = [
    { variant: 'default', sets: [] },
    ...(control ? [{ variant: 'shuffled', sets: ['advantage.shuffled=true'] }] : []),
    ...configs.map((config) => ({ variant: basename(config).replace(/\.ya?ml$/, ''), config, sets: [] })),
  ];
  return variants.flatMap((variant) => Array.from({ length: seeds }, (_, seed) => ({ ...variant, seed, minutes })));
}

/** What an experiment's result depends on; one that was made under another digest is made again. */
export const digestOf = (...parts: readonly (string | Buffer)[]): string =>
  parts
    .reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256'))
    .digest('hex')
    .slice(0, 16);
