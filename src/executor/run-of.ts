import { constants } from 'node:os';
import { RunStatus, type Run } from '../generated/azr/v1/executor';
import { Cause, FrameStatus, type End, type Frame } from './frames';
import type { ItemResult } from './item-runs';

const SIGSYS = 31;

/** The runs of one input: what its frames say, and how its process ended if that was the end of it. */
export function runsOf({ frames, end, group }: ItemResult): Run[] {
  const timed = (run: Run, { wallUs, waitedUs = 0 }: Frame | End): Run => ({ ...run, wallUs, waitedUs });
  const runs = frames.map((frame) => timed(runOfFrame(frame), frame));
  if (end !== undefined) runs.push(end === 'lost' ? LOST : timed(runOfEnd(end), end));
  return runs.map((run) => ({ ...run, interpreter: group }));
}

/** Whether the process lived on, so that further runs of the same input make sense. */
export const isOver = ({ status }: Run): boolean => !GOES_ON.includes(status);

const GOES_ON = [
  RunStatus.RUN_STATUS_OK,
  RunStatus.RUN_STATUS_EXCEPTION,
  RunStatus.RUN_STATUS_OUTPUT_LIMIT,
  RunStatus.RUN_STATUS_INVALID_OUTPUT,
];

/** The run of an input that is no argument list. */
export const invalidInput = (detail: string): Run => failed(RunStatus.RUN_STATUS_INVALID_INPUT, detail);

function runOfFrame({ status, text }: Frame): Run {
  switch (status) {
    case FrameStatus.Ok:
      return { ...failed(RunStatus.RUN_STATUS_OK, ''), output: text };
    case FrameStatus.Exception: {
      const [exceptionType = '', exceptionQualifiedName = '', message = ''] = text.split('\n', 3);
      const detail = message === '' ? exceptionType : `${exceptionType}: ${message}`;
      return { ...failed(RunStatus.RUN_STATUS_EXCEPTION, detail), exceptionType, exceptionQualifiedName };
    }
    case FrameStatus.OutputLimit:
      return failed(RunStatus.RUN_STATUS_OUTPUT_LIMIT, text);
    case FrameStatus.InvalidOutput:
      return failed(RunStatus.RUN_STATUS_INVALID_OUTPUT, text);
    default:
      return failed(RunStatus.RUN_STATUS_NO_RESULT, 'the program wrote to the result pipe');
  }
}

function runOfEnd({ cause, code }: End): Run {
  switch (cause) {
    case Cause.WallClock:
      return failed(RunStatus.RUN_STATUS_TIMEOUT, 'the wall clock ran out');
    case Cause.Starved:
      return failed(RunStatus.RUN_STATUS_UNAVAILABLE, 'the wall clock ran out while the program waited for a core');
    case Cause.CpuLimit:
      return failed(RunStatus.RUN_STATUS_TIMEOUT, 'the CPU time ran out');
    case Cause.OutOfMemory:
      return failed(RunStatus.RUN_STATUS_MEMORY_LIMIT, 'the memory ran out');
    case Cause.Signal:
      if (code === SIGSYS) return failed(RunStatus.RUN_STATUS_VIOLATION, 'killed for a forbidden system call');
      return failed(RunStatus.RUN_STATUS_CRASH, `killed by ${signalName(code)}`);
    case Cause.BadFrame:
      return failed(RunStatus.RUN_STATUS_NO_RESULT, 'the program wrote to the result pipe');
    default:
      return failed(RunStatus.RUN_STATUS_NO_RESULT, `the process exited with ${code}`);
  }
}

const failed = (status: RunStatus, detail: string): Run => ({
  status,
  output: '',
  exceptionType: '',
  exceptionQualifiedName: '',
  detail,
  wallUs: 0,
  waitedUs: 0,
  interpreter: 0,
});

const LOST = failed(RunStatus.RUN_STATUS_CRASH, 'its fork server ended under it, each of several times');

const signalName = (code: number): string =>
  Object.entries(constants.signals).find(([, number]) => number === code)?.[0] ?? `signal ${code}`;
