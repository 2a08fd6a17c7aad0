import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files for the tests of one spec, gone when it ends. Call it at the top of the spec. */
export function temporaryFiles(): (name: string, content: string | Buffer) => string {
  const folder = mkdtempSync(join(tmpdir(), 'azr-spec-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  return (name, content) => {
    const file = join(folder, `${files++}-${name}`);
    writeFileSync(file, content);
    return file;
  };
}
