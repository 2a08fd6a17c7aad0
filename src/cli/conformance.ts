import { runConformance, type Suite } from '../conformance/conformance';
import { reportText } from '../conformance/report';
import { AzrError } from '../domain/errors';

export interface ConformanceOptions {
  cases: string[];
  json: boolean;
  tier?: number;
}

/** Runs the cases of some files. @throws AzrError unless all pass */
export async function conformance(suite: Suite, { cases, json, tier }: ConformanceOptions): Promise<void> {
  const report = await runConformance(suite, cases, tier);
  process.stdout.write(`${json ? JSON.stringify(report) : reportText(report)}\n`);
  const { total, passed } = report;
  if (passed < total) throw new AzrError('invalid', `${total - passed} of ${total} cases failed`);
}
