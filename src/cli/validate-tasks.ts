import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { withExecutor } from '../control-plane/with-executor';
import { AzrError } from '../domain/errors';
import { ExecutorAdapter } from '../executor/executor-adapter';
import { WholeFile } from '../task-files/whole-file';
import type { RowVerdict } from '../task-validation/row-verdict';
import { validateTaskFile, validationSpec } from '../task-validation/validate-task-file';
import { ValidationCounts } from '../task-validation/validation-counts';
import { LiveLine } from '../telemetry/live-line';
import { grouped, printable } from '../telemetry/words';

export interface ValidateOptions {
  out?: string;
  json: boolean;
}

/**
 * Judges every row of a task file and says what became of them. A person is told each row that is rejected as well.
 * @throws AzrError when the file cannot be read, verdicts cannot be written, or an accepted row is inconsistent
 */
export async function validateTasks(file: string, { out, json }: ValidateOptions): Promise<void> {
  const live = new LiveLine(process.stderr);
  const counts = new ValidationCounts();
  const verdicts = out === undefined ? undefined : openVerdicts(out, file);
  try {
    await eachVerdict(file, (verdict) => {
      counts.add(verdict);
      verdicts?.write(verdict);
      if (!json) tellObjections(verdict, file, live);
      live.show(`${grouped(counts.rows)} rows · ${grouped(counts.accepted)} accepted`);
    });
    verdicts?.finish();
  } finally {
    live.clear();
    verdicts?.close();
  }
  const rowsOut = verdicts?.lines ?? 0;
  process.stdout.write(`${json ? JSON.stringify({ ...counts, rowsOut }) : asText(counts)}\n`);
  if (counts.inconsistent > 0) {
    throw new AzrError('internal', `${counts.inconsistent} accepted rows have answers of their own that do not verify`);
  }
}

/** @throws AzrError; where the file of rows would be replaced as well */
function openVerdicts(out: string, rows: string): WholeFile {
  if (existsSync(out) && existsSync(rows) && realpathSync(out) === realpathSync(rows)) {
    throw new AzrError('invalid', `--out ${out} is the file that is read; name another one for the verdicts`);
  }
  return new WholeFile(resolve(out));
}

const eachVerdict = (file: string, tell: (verdict: RowVerdict) => void): Promise<void> =>
  withExecutor({ minimumTier: validationSpec().executor.minimumTier }, async (address) => {
    const executor = new ExecutorAdapter(address);
    try {
      for await (const verdict of validateTaskFile(file, executor)) tell(verdict);
    } finally {
      executor.close();
    }
  });

/** What a person has to know of a row, if anything. */
function tellObjections(verdict: RowVerdict, file: string, live: LiveLine): void {
  const objection = objectionTo(verdict);
  if (objection === undefined) return;
  live.clear();
  process.stdout.write(`${printable(`${file}:${verdict.line}: ${objection}`)}\n`);
}

function objectionTo(verdict: RowVerdict): string | undefined {
  if (verdict.outcome === 'rejected') return `${verdict.reason}, ${verdict.detail}`;
  return verdict.inconsistent && `inconsistent, ${verdict.inconsistent}`;
}

function asText({ rows, accepted, rejected, inconsistent }: ValidationCounts): string {
  const reasons = Object.entries(rejected).map(([reason, count]) => `${count} ${reason}`);
  const of = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
  return `${rows} rows: ${accepted} accepted, ${rows - accepted} rejected${of}; ${inconsistent} inconsistent`;
}
