import { realpathSync } from 'node:fs';
import { AzrError } from '../domain/errors';
import { installedParts, type Finding } from '../embedded/doctor';
import { PYTHON } from '../embedded/installation';
import { probeJail } from '../executor/prove-jail';
import type { JailReport } from '../executor/tiers';

/** The weakest tier that a run accepts without being asked to. */
const STRONG_ENOUGH = 2;

/** Says what is installed and what the jail can enforce here. @throws AzrError when something is missing */
export async function doctor({ json }: { json: boolean }): Promise<void> {
  const parts = await installedParts();
  const jail = await probeJail(realpathSync(PYTHON));
  const findings = [...parts, jailFinding(jail)];
  if (json) process.stdout.write(`${JSON.stringify({ findings, jail })}\n`);
  else process.stdout.write(`${[...findings.map(findingLine), ...jail.checks.map(checkLine)].join('\n')}\n`);
  const missing = findings.filter(({ ok }) => !ok);
  if (missing.length > 0) throw new AzrError('unavailable', `not ready: ${missing.map(({ name }) => name).join(', ')}`);
}

function jailFinding({ tier }: JailReport): Finding {
  if (tier !== undefined && tier <= STRONG_ENOUGH) return { name: 'jail', ok: true, detail: `tier ${tier}` };
  return {
    name: 'jail',
    ok: false,
    detail:
      tier === undefined ? 'none: programs are not run here' : `tier ${tier}: below the minimum of ${STRONG_ENOUGH}`,
    remedy:
      tier === undefined ? 'use Linux with seccomp' : 'a kernel with Landlock (5.13), or --set executor.minimumTier=3',
  };
}

const findingLine = ({ name, ok, detail, remedy }: Finding): string =>
  `${ok ? 'ok     ' : 'MISSING'} ${name.padEnd(14)} ${detail}${remedy === undefined ? '' : `; to get it: ${remedy}`}`;

const checkLine = ({ name, held, detail }: JailReport['checks'][number]): string =>
  `${held ? '  held ' : '  OPEN '} ${name.padEnd(28)} ${detail}`;
