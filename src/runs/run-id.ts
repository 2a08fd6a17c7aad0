import { randomBytes } from 'node:crypto';

/** Sorts by time: `20260131-154500-a1b2c3`. */
export const newRunId = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(3).toString('hex')}`;
