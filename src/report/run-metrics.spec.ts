import type { RunEvent } from '../selfplay/run-event';
import { evaluated, scriptedSource, stepAt } from '../../test/support/reported-run';
import { runMetrics, type StepMetrics } from './run-metrics';

async function metricsOf(events: readonly RunEvent[]): Promise<StepMetrics[]> {
  const steps: StepMetrics[] = [];
  for await (const step of runMetrics(scriptedSource(events), 'r1')) steps.push(step);
  return steps;
}

describe('the metrics of a run', () => {
  it('are one record a step, with the evaluation and the alarms of its version', async () => {
    const alarm = { kind: 'alarm' as const, step: 1, alarm: 'diversity' as const, message: 'few are new' };
    const note = { kind: 'note' as const, message: 'a note' };
    const steps = await metricsOf([note, evaluated(0, 20), stepAt(1), alarm, note, stepAt(2), evaluated(2, 30)]);
    expect(steps.map(({ step, at }) => [step, at])).toEqual([
      [0, 2_000],
      [1, 3_000],
      [2, 6_000],
    ]);
    expect(steps[0]!.metrics).toMatchObject({ 'heldOut/deduction/rate': 0.2, 'heldOut/cruxeval-output/rate': 0.1 });
    expect(steps[1]!.alarms).toEqual([{ name: 'diversity', message: 'few are new' }]);
    expect(steps[2]!.metrics).toMatchObject({ 'heldOut/deduction/rate': 0.3, 'update/entropy': 2 });
  });

  it('have flat names, and leave out what was not measured', async () => {
    const [{ metrics }] = (await metricsOf([stepAt(1)])) as [StepMetrics];
    expect(metrics).toMatchObject({
      ...{ 'reward/proposer/deduction': 0.5, 'solveRate/deduction': 0.125, 'rejections/timeout': 2 },
      ...{ 'proposals/validShare/deduction': 0.75, 'proposals/learnableShare/deduction': 0.75 },
      ...{ 'reasonedShare/deduction': 0.25, 'responseTokens/solver/deduction': 10, 'responseTokens/solver/mean': 5 },
      ...{ 'buffer/size': 12, 'programs/newShare': 0.75, 'programs/statements': 3, 'statements/branch': 1 },
      ...{ 'seconds/rollout': 0.5, 'tokens/perSecond': 1_998, 'update/loss': 0.25 },
    });
    expect(Object.keys(metrics)).not.toContain('reward/solver/deduction');
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
  });

  it('of a run that did nothing are none', async () => {
    expect(await metricsOf([])).toEqual([]);
  });
});
