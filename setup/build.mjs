/** The generated contracts, the policy server's compiled kernels and the compiled control plane. */
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { run } from './command.mjs';
import { filesUnder } from './digest.mjs';
import { task } from './progress.mjs';
import { environmentPython } from './python-environment.mjs';

const BOUND_MS = 10 * 60_000;
const tool = (root, ...path) => join(root, 'node_modules', ...path);

export async function generateTypeScript(root, inherit) {
  await task('contracts, TypeScript', (onLine) =>
    run(process.execPath, [tool(root, '@bufbuild', 'buf', 'bin', 'buf'), 'generate'], {
      cwd: root,
      boundMs: BOUND_MS,
      inherit,
      onLine,
      advice: 'mend what it names under proto/',
    }),
  );
}

export async function generatePython(root, inherit) {
  await task('contracts, Python', (onLine) =>
    run(environmentPython(root), [join('trainer-bridge', 'generate_protos.py')], {
      cwd: root,
      boundMs: BOUND_MS,
      inherit,
      onLine,
      advice: 'mend what it names under proto/',
    }),
  );
}

/** Kernels compile when they are imported; what is compiled is kept beside them, and every policy server takes it. */
export async function compileKernels(root, inherit) {
  await task("policy server's kernels", (onLine) =>
    run(environmentPython(root), ['-c', 'import azr_policy_server.cpu_kernels'], {
      cwd: root,
      boundMs: BOUND_MS,
      inherit,
      onLine,
      advice: 'mend trainer-bridge/azr_policy_server/cpu_kernels.py',
    }),
  );
}

/** Built beside `dist` and swapped in, so that a half-made build is never run. Whatever is not TypeScript is copied. */
export async function build(root, inherit) {
  const next = join(root, 'dist.next');
  await task('build', async (onLine) => {
    await rm(next, { recursive: true, force: true });
    await run(
      process.execPath,
      [tool(root, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', next],
      { cwd: root, boundMs: BOUND_MS, inherit, onLine, advice: 'mend what it names under src/' },
    );
    for (const file of filesUnder(root, 'src').filter((name) => !name.endsWith('.ts'))) {
      const target = join(next, file.slice('src/'.length));
      await mkdir(dirname(target), { recursive: true });
      await cp(join(root, file), target);
    }
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(next, join(root, 'dist'));
  });
}
