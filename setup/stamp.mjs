/** When a step is done: its stamp lies inside what it makes, and holds the key of the inputs that it was made from. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Without a stamp, or with one that cannot be read, the step was never made or was interrupted. */
export function isDone(root, step) {
  try {
    const { key, facts } = JSON.parse(readFileSync(join(root, step.stamp), 'utf8'));
    return key === step.key(root) && (!step.holds || step.holds(root, facts));
  } catch {
    return false;
  }
}

/** No stamp while it is being made; afterwards one that appears whole. The key is read before: inputs may change. */
export async function make(root, step, inherit) {
  const stamp = join(root, step.stamp);
  const key = step.key(root);
  rmSync(stamp, { force: true });
  await step.make(root, inherit);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(`${stamp}.new`, JSON.stringify({ key, facts: step.facts?.(root) }));
  renameSync(`${stamp}.new`, stamp);
}
