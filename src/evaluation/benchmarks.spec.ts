import { temporaryFiles } from '../../test/support/temporary-files';
import { specWith } from '../../test/support/specs';
import { readBenchmarks } from './benchmarks';

const temporaryFile = temporaryFiles();
const names = (...sets: string[]) =>
  readBenchmarks(specWith(...sets).evaluation, () => undefined).map(({ name, tasks }) => [name, tasks.length]);

describe('what a run is measured on', () => {
  it('is the shipped held-out tasks of three types', () => {
    expect(names('evaluation.tasks=shipped', 'evaluation.perType=3')).toEqual([
      ['deduction', 3],
      ['abduction', 3],
      ['induction', 3],
    ]);
  });

  it('is nothing where the settings name nothing', () => {
    expect(names('evaluation.tasks=none')).toEqual([]);
    expect(names('evaluation.perType=0')).toEqual([]);
  });

  it('has CRUXEval where its file is given', () => {
    const row = { code: 'def f(x): return x', input: '1', output: '1', id: 'a' };
    const file = temporaryFile('crux.jsonl', JSON.stringify(row));
    expect(names('evaluation.perType=0', `evaluation.cruxeval=${file}`)).toEqual([
      ['cruxeval-output', 1],
      ['cruxeval-input', 1],
    ]);
  });
});
