import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../domain/errors';
import { childEnvironment } from './child-environment';
import { postgresBinaries, PYTHON } from './installation';

const ASK_MS = 60_000;

/** Something that was looked for. */
export interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  /** How to get what is missing; absent when `ok`. */
  remedy?: string;
}

const AGAIN = 'npm run setup';
const PACKAGES = ['torch', 'transformers', 'ray', 'grpcio'];
const VERSIONS = `
import importlib.metadata, json, platform, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
print(json.dumps({"python": platform.python_version(), **{name: version(name) for name in sys.argv[1:]}}))
`;

async function output(command: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { env: childEnvironment(), timeout: ASK_MS });
  return stdout.trim();
}

async function pythonFindings(): Promise<Finding[]> {
  try {
    const text = await output(PYTHON, ['-I', '-c', VERSIONS, ...PACKAGES]);
    const versions: Record<string, string | null> = JSON.parse(text);
    return Object.entries(versions).map(([name, version]) =>
      version === null
        ? { name, ok: false, detail: 'not installed in trainer-bridge/.venv', remedy: AGAIN }
        : { name, ok: true, detail: version },
    );
  } catch (error) {
    return [{ name: 'python', ok: false, detail: `${PYTHON} does not run: ${messageOf(error)}`, remedy: AGAIN }];
  }
}

async function postgresFinding(): Promise<Finding> {
  try {
    const [, version] = /(\d\S*)/.exec(await output(postgresBinaries().postgres, ['--version'])) ?? [];
    return { name: 'postgres', ok: true, detail: `${version}, embedded` };
  } catch (error) {
    return { name: 'postgres', ok: false, detail: messageOf(error), remedy: AGAIN };
  }
}

/** What set-up installed, part by part, with versions. */
export async function installedParts(): Promise<Finding[]> {
  const node: Finding = { name: 'node', ok: true, detail: process.versions.node };
  return [node, ...(await pythonFindings()), await postgresFinding()];
}
