/** A part of the jail that is tried on its own. No tier needs `clocks`, which make time differ between groups. */
export type Layer = 'base' | 'limits' | 'seccomp' | 'landlock' | 'namespaces' | 'clocks';

/**
 * The strongest first; 0 is tier 3 or better within a sandbox that the operator declares, such as a gVisor pod, whose
 * kernel has no Landlock to prove.
 */
export type Tier = 0 | BuiltTier;

/** A jail that is built and proved here; see `LAYERS`. */
export type BuiltTier = 1 | 2 | 3;

/** A step of building the jail, or an attack on it. */
export interface Check {
  name: string;
  layer: Layer;
  /** The step was taken, or the attack was stopped. */
  held: boolean;
  detail: string;
}

export interface JailReport {
  /** Undefined where programs cannot be run safely. */
  tier: Tier | undefined;
  checks: Check[];
  /** Empty where no interpreter could be started. */
  pythonVersion: string;
}

const WEAKEST: Layer[] = ['base', 'limits', 'seccomp'];
const LAYERS: Record<Tier, Layer[]> = {
  0: WEAKEST,
  1: [...WEAKEST, 'landlock', 'namespaces'],
  2: [...WEAKEST, 'landlock'],
  3: WEAKEST,
};

/** Checks that `tier` needs and that did not hold. */
export const missingFor = (tier: Tier, checks: readonly Check[]): Check[] =>
  checks.filter(({ layer, held }) => !held && LAYERS[tier].includes(layer));

/** The strongest tier of which every check held. */
export function tierOf(checks: readonly Check[], sandboxed = false): Tier | undefined {
  const tiers: Tier[] = sandboxed ? [0] : [1, 2, 3];
  return tiers.find((tier) => missingFor(tier, checks).length === 0);
}

/** Why programs are not run here, on one line; undefined if they are. */
export function refusal({ tier, checks }: JailReport, minimumTier: Tier): string | undefined {
  if (tier !== undefined && tier <= minimumTier) return undefined;
  const reasons = missingFor(tier === undefined ? 3 : minimumTier, checks).map(
    ({ name, detail }) => `${name} (${detail})`,
  );
  if (minimumTier === 0) reasons.push('no sandbox around the executor is declared (azr executor --sandboxed)');
  const reached = tier === undefined ? 'no tier' : `only tier ${tier}`;
  const remedy =
    tier === undefined ? 'programs cannot be run safely here' : `allow it with --set executor.minimumTier=${tier}`;
  return (
    `the jail reaches ${reached} on this host, and executor.minimumTier is ${minimumTier}; ` +
    `what failed: ${reasons.join(', ')}; ${remedy}`
  );
}
