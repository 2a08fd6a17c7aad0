/** A part of the jail that is tried on its own. No tier needs `clocks`, which make time differ between groups. */
export type Layer = 'base' | 'limits' | 'seccomp' | 'landlock' | 'namespaces' | 'clocks';

/** 1 is the strongest; see `LAYERS`. */
export type Tier = 1 | 2 | 3;

/** A step of building the jail, or an attack on it. */
export interface Check {
  name: string;
  layer: Layer;
  /** The step was taken, or the attack was stopped. */
  held: boolean;
  detail: string;
}

export interface JailReport {
  /** 0: programs cannot be run safely here. */
  tier: Tier | 0;
  checks: Check[];
  /** Empty where no interpreter could be started. */
  pythonVersion: string;
}

const WEAKEST: Layer[] = ['base', 'limits', 'seccomp'];
const LAYERS: Record<Tier, Layer[]> = {
  1: [...WEAKEST, 'landlock', 'namespaces'],
  2: [...WEAKEST, 'landlock'],
  3: WEAKEST,
};

/** Checks that `tier` needs and that did not hold. */
export const missingFor = (tier: Tier, checks: readonly Check[]): Check[] =>
  checks.filter(({ layer, held }) => !held && LAYERS[tier].includes(layer));

/** The strongest tier of which every check held. */
export function tierOf(checks: readonly Check[]): Tier | 0 {
  const tiers: Tier[] = [1, 2, 3];
  return tiers.find((tier) => missingFor(tier, checks).length === 0) ?? 0;
}

/** Why programs are not run here, on one line; undefined if they are. */
export function refusal({ tier, checks }: JailReport, minimumTier: Tier): string | undefined {
  if (tier !== 0 && tier <= minimumTier) return undefined;
  const reasons = missingFor(tier === 0 ? 3 : minimumTier, checks).map(({ name, detail }) => `${name} (${detail})`);
  const reached = tier === 0 ? 'no tier' : `only tier ${tier}`;
  const remedy = tier === 0 ? 'programs cannot be run safely here' : `allow it with --set executor.minimumTier=${tier}`;
  return (
    `the jail reaches ${reached} on this host, and executor.minimumTier is ${minimumTier}; ` +
    `what failed: ${reasons.join(', ')}; ${remedy}`
  );
}
