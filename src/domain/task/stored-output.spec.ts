import { isOutput, outputsDiffer } from './stored-output';

describe('an output that a file gives', () => {
  it.each([
    ['{2, 1}', '{1, 2}'],
    ['{-inf: 1}', "{float('-inf'): 1}"],
    ['nan', "float('nan')"],
    ['0x10', '16'],
  ])('%s is %s, however it is spelled', (stored, found) => {
    expect(isOutput(stored, found, 'strict')).toBe(true);
  });

  it.each([
    ['1', 'True'],
    ['[1, 2', '[1, 2]'],
    ['', "''"],
    ['defaultdict(int)', '{}'],
  ])('%s is not %s', (stored, found) => {
    expect(isOutput(stored, found, 'strict')).toBe(false);
  });

  it('is as equal as it is asked to be', () => {
    expect(isOutput('1', 'True', 'python')).toBe(true);
  });

  it('is shown beside the one that was found, in a line of some length', () => {
    expect(outputsDiffer('  ', "''")).toBe("the output is empty, and the program gives ''");
    expect(outputsDiffer('[1,\n  2]', '[3]')).toBe('the output is [1, 2], and the program gives [3]');
    const long = outputsDiffer('1'.repeat(100_000), '2'.repeat(100_000));
    expect(long).toMatch(/^the output is 1{200}…, and the program gives 2{200}…$/);
  });
});
