import { readReport } from '../run-report';
import { runMetrics } from '../run-metrics';
import type { ReportSample } from '../ports';
import type { RunRecord } from '../../runs/ports';
import type { RunEvent } from '../../selfplay/run-event';
import { evaluated, runRecord, sampleOf, scriptedSource, stepAt } from '../../../test/support/reported-run';
import { reportPage } from './page';

async function pageOf(run: RunRecord, events: readonly RunEvent[], samples?: readonly ReportSample[]): Promise<string> {
  const source = scriptedSource(events, samples);
  return reportPage(await readReport(source, run, runMetrics(source, run.id)));
}

const HOSTILE =
  `</pre></script><script>alert(1)</script><img src=x onerror=alert(1)>"' &amp; ` + '\u0000\u001b[2J\u202e\ud800';

describe('the page about a run', () => {
  it('says what became of the held-out solve rates, with intervals', async () => {
    const events = [evaluated(0, 20), stepAt(1), stepAt(2), evaluated(2, 60)];
    const page = await pageOf(runRecord({ step: 2 }), events);
    expect(page).toContain('Held-out solve rate, step 0 to step 2');
    expect(page).toMatch(/<b>20\.0% → 60\.0%<\/b> <em>\+40\.0 points<\/em>/);
    expect(page).toContain('13.3–28.9% → 50.2–69.1%, 100 samples');
    expect(page).toContain('2 of 2 rates moved so far that the intervals before and after do not overlap');
    expect(page).toContain('tier 2 (Landlock, seccomp, resource limits; no namespaces), CPython 3.11.7');
  });

  it('lets no text that a policy wrote be markup, style or script', async () => {
    const samples = [sampleOf('deduction', 1, HOSTILE), sampleOf('induction', 3, HOSTILE)];
    const named = { ...stepAt(3), outcome: { ...stepAt(3).outcome, rejections: { [HOSTILE]: 1 } } };
    const page = await pageOf(runRecord(), [stepAt(1), stepAt(2), named], samples);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|alert\(1\)<\/script>/);
    for (const control of ['\u0000', '\u001b', '\u202e']) expect(page).not.toContain(control);
    expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+'; script-src/);
  });

  it('names nothing that would be fetched', async () => {
    const page = await pageOf(runRecord(), [evaluated(0, 1), stepAt(1), stepAt(2), stepAt(3)]);
    expect(page).not.toMatch(/(?:src|href)=|url\(|@import|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });

  it.each([
    ['that has made no steps', { step: 0, state: 'seeding' as const }, [], 'The run has made no steps yet.'],
    ['that was not evaluated', { step: 1 }, [stepAt(1)], 'Held-out tasks were not evaluated'],
    ['that was evaluated once', { step: 1 }, [evaluated(0, 20), stepAt(1)], 'evaluated once, at step 0'],
    ['that is running', { step: 1, state: 'running' as const }, [stepAt(1)], 'running; this page is as of 1 step'],
    ['whose sandbox is not known', { jail: undefined }, [stepAt(1)], 'no program was run yet'],
  ])('of a run %s says so, and holds no value that is no number', async (_, changes, events, words) => {
    const page = await pageOf(runRecord(changes), events);
    expect(page).toContain(words);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('shows the settings that differ from the nearest preset before the others', async () => {
    const settings = { ...runRecord().settings, seed: 7, unknownHere: true };
    const page = await pageOf(runRecord({ settings }), []);
    expect(page).toContain('Those that differ from the preset <code>embedded</code>');
    const [, changed] = page.split('<h2>Settings</h2>');
    const rows = [...changed!.split('<details>')[0]!.matchAll(/<td><code>([^<]*)<\/code><\/td>/g)].map(
      ([, cell]) => cell,
    );
    expect(rows).toEqual(['seed', '7', '0', 'unknownHere', 'true', '–']);
  });

  it('cuts texts that are too long, and says so', async () => {
    const page = await pageOf(runRecord({ step: 1 }), [stepAt(1)], [sampleOf('deduction', 1, 'x'.repeat(1_000_000))]);
    expect(page).toContain('(996,000 more characters)');
    expect(page.length).toBeLessThan(200_000);
  });

  it('of a long run is no larger than of one of 400 steps', async () => {
    const steps = (count: number) => Array.from({ length: count }, (_, i) => stepAt(i + 1));
    const short = await pageOf(runRecord({ step: 400 }), steps(400));
    const long = await pageOf(runRecord({ step: 4_000 }), steps(4_000));
    expect(long.length).toBeLessThan(1.1 * short.length);
    expect(long).toContain('Each point is the mean of 10 steps');
  });
});
