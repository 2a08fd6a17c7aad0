import { join, resolve } from 'node:path';

/** Root of the project: what ships beside `dist/`. */
export const PROJECT_ROOT = resolve(__dirname, '..', '..');

const POLICY = join(PROJECT_ROOT, 'policies', 'tiny');

/** What the setting `shipped` stands for. */
const SHIPPED = {
  policy: POLICY,
  seedTasks: join(POLICY, 'tasks', 'seed.jsonl'),
  heldOutTasks: join(POLICY, 'tasks', 'heldout.jsonl'),
};

/** The path that a setting names: the shipped one, or a path of the user's own. */
export const shippedOr = (setting: string, what: keyof typeof SHIPPED): string =>
  setting === 'shipped' ? SHIPPED[what] : resolve(setting);
