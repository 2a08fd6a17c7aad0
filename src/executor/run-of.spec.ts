import { RunStatus } from '../generated/azr/v1/executor';
import { Cause, FrameStatus } from './frames';
import type { ItemResult } from './item-runs';
import { runsOf } from './run-of';

const result = (change: Partial<ItemResult>): ItemResult => ({ frames: [], group: 1, ...change });
const ended = (cause: Cause, code = 0) => runsOf(result({ end: { cause, code, wallUs: 5 } }))[0];
const said = (status: number, text = 'x') => runsOf(result({ frames: [{ status, text, wallUs: 3 }] }))[0];

describe('a run', () => {
  it.each<[number, RunStatus]>([
    [FrameStatus.OutputLimit, RunStatus.RUN_STATUS_OUTPUT_LIMIT],
    [FrameStatus.InvalidOutput, RunStatus.RUN_STATUS_INVALID_OUTPUT],
  ])('that says %i is %s, with its detail', (status, expected) => {
    expect(said(status)).toMatchObject({ status: expected, detail: 'x', output: '', interpreter: 1, wallUs: 3 });
  });

  it('that gives a value has it', () => {
    expect(said(FrameStatus.Ok, '[1]')).toMatchObject({ status: RunStatus.RUN_STATUS_OK, output: '[1]', detail: '' });
  });

  it('that raises has the type, its qualified name, and a line', () => {
    const status = RunStatus.RUN_STATUS_EXCEPTION;
    const names = { exceptionType: 'Missing', exceptionQualifiedName: 'program.Missing' };
    const raised = said(FrameStatus.Exception, 'Missing\nprogram.Missing\nno such key');
    expect(raised).toMatchObject({ status, ...names, detail: 'Missing: no such key' });
    expect(said(FrameStatus.Exception, 'KeyError\nKeyError\n')).toMatchObject({ detail: 'KeyError' });
  });

  it.each([FrameStatus.Preamble, 11, 255])('cannot give itself the status %i', (status) => {
    expect(said(status)).toMatchObject({ status: RunStatus.RUN_STATUS_NO_RESULT });
  });

  it.each<[Cause, number, RunStatus, string]>([
    [Cause.WallClock, 0, RunStatus.RUN_STATUS_TIMEOUT, 'wall clock'],
    [Cause.Starved, 0, RunStatus.RUN_STATUS_UNAVAILABLE, 'waited for a core'],
    [Cause.CpuLimit, 24, RunStatus.RUN_STATUS_TIMEOUT, 'CPU'],
    [Cause.OutOfMemory, 9, RunStatus.RUN_STATUS_MEMORY_LIMIT, 'memory'],
    [Cause.Signal, 11, RunStatus.RUN_STATUS_CRASH, 'SIGSEGV'],
    [Cause.Signal, 31, RunStatus.RUN_STATUS_VIOLATION, 'forbidden system call'],
    [Cause.Exit, 3, RunStatus.RUN_STATUS_NO_RESULT, 'exited with 3'],
    [Cause.BadFrame, 0, RunStatus.RUN_STATUS_NO_RESULT, 'result pipe'],
  ])('that ended by %i, %i is %s', (cause, code, status, detail) => {
    expect(ended(cause, code)).toMatchObject({ status, wallUs: 5, detail: expect.stringContaining(detail) as string });
  });

  it('under which one fork server after the other ended is a crash', () => {
    expect(runsOf(result({ end: 'lost' }))[0]).toMatchObject({ status: RunStatus.RUN_STATUS_CRASH });
  });
});
