import { resolveSpec } from '../../src/config/resolve-spec';
import type { RunSpec } from '../../src/config/run-spec';

/** The embedded preset with some settings changed, as `--set` would. */
export const specWith = (...sets: string[]): RunSpec => resolveSpec({ preset: 'embedded', sets }).spec;
