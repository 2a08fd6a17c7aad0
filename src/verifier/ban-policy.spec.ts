import { bannedConstruct, bannedKeyword } from './ban-policy';
import type { ProgramAnalysis } from './ports';

const analysis = (fields: Partial<ProgramAnalysis>): ProgramAnalysis => ({
  ...{ syntaxError: '', imports: [], names: [], statements: [], canonical: '', entryProgram: '' },
  ...{ withoutComments: '', withoutGlobals: '', withoutNames: '', ignoresInput: false },
  seesHashes: false,
  seesAddresses: false,
  leavesNothingBehind: false,
  metrics: { cognitive: 0, cyclomatic: 1, volume: 0, effort: 0 },
  ...fields,
});

describe('the ban policy', () => {
  it.each([
    [{ imports: ['math', 'os.path'] }, [], 'import of os.path'],
    [{ imports: ['_thread'] }, [], 'import of _thread'],
    [{ names: ['__import__'] }, [], '__import__'],
    [{ names: ['__builtins__.open'] }, [], '__builtins__.open'],
    [{ names: ['print.__self__'] }, [], 'print.__self__'],
    [{ names: ['eval'] }, [], 'eval'],
    [{ imports: ['_random'] }, [], 'import of _random'],
    [{ imports: ['collections'], names: ['collections._sys.modules'] }, [], 'collections._sys.modules'],
    [{ imports: ['enum'], names: ['enum.bltns'] }, [], 'enum.bltns'],
    [{ imports: ['math'], names: ['math.__dict__'] }, [], 'math.__dict__'],
    [{ names: ['.__subclasses__'] }, [], '.__subclasses__'],
    [{ names: ['x.__class__.__globals__'] }, [], 'x.__class__.__globals__'],
    [{ imports: ['statistics'], names: ['statistics.random.random'] }, [], 'statistics.random.random'],
    [{ imports: ['typing'], names: ['sys', 'typing.sys'] }, [], 'typing.sys'],
    [{ imports: ['decimal'] }, ['decimal'], 'import of decimal'],
    [{ imports: ['collections.abc'] }, ['collections.abc'], 'import of collections.abc'],
    [{ imports: ['collections'], names: ['collections.abc.Set'] }, ['collections.abc'], 'collections.abc.Set'],
  ])('forbids %j with the bans %j', (fields, banned, construct) => {
    expect(bannedConstruct(analysis(fields), banned)).toBe(construct);
  });

  it.each([
    [{ imports: ['math', 'ossify'] }, []],
    [{ names: ['open', '.os', 'x.os', 're.compile', '.eval', 'x.__dict__'] }, []],
    [{ imports: ['math'], names: ['time', 'x.random'] }, []],
    [{ names: ['decimal'] }, ['decimal']],
    [{ imports: ['collections'], names: ['collections.abcd'] }, ['collections.abc']],
  ])('lets %j pass with the bans %j', (fields, banned) => {
    expect(bannedConstruct(analysis(fields), banned)).toBeUndefined();
  });

  it('knows keywords by their statements', () => {
    const program = analysis({ statements: ['Return', 'TryStar'] });
    expect(bannedKeyword(program, ['raise', 'except'])).toBe('except');
    expect(bannedKeyword(program, ['raise', 'assert'])).toBeUndefined();
  });
});
