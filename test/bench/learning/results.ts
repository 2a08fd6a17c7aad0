import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Results on disk, one file each, so that a benchmark that was cut off goes on where it was. */
export class Results {
  constructor(private readonly folder: string) {}

  /**
   * What `make` gives, or has given before under the same digest.
   * @param name of the file, without its ending
   * @param digest of all that the result depends on
   */
  async keep<T extends object>(name: string, digest: string, make: () => Promise<T>): Promise<T> {
    const file = join(this.folder, `${name}.json`);
    if (existsSync(file)) {
      const stored = JSON.parse(readFileSync(file, 'utf8')) as { digest: string; result: T };
      if (stored.digest === digest) return stored.result;
    }
    const result = await make();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify({ digest, result }, null, 1)}\n`);
    renameSync(`${file}.new`, file);
    return result;
  }
}
