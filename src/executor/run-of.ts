import { constants } from 'node:os';
import { RunStatus, type Run } from '../generated/azr/v1/executor';
import { Cause, FrameStatus, type End, type Frame } from './frames';
import type { ItemResult } from './item-runs';

const SIGSYS = 31;

/** The runs of one input: what its frames say, and how its process ended if that was the end of it. */
export function runsOf({ frames, end, group, refused }: ItemResult): Run[] {
  const runs = frames.map((frame) => runOfFrame(frame, refused));
  if (end !== undefined) runs.push(end === 'lost' ? LOST : runOfEnd(end));
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

function runOfFrame({ status, text, wallUs }: Frame, refused: boolean): Run {
  if (refused) return failed(RunStatus.RUN_STATUS_INVALID_INPUT, text, wallUs);
  switch (status) {
    case FrameStatus.Ok:
      return { ...failed(RunStatus.RUN_STATUS_OK, '', wallUs), output: text };
    case FrameStatus.Exception: {
      const [exceptionType = '', message = ''] = text.split('\n', 2);
      const detail = message === '' ? exceptionType : `${exceptionType}: ${message}`;
      return { ...failed(RunStatus.RUN_STATUS_EXCEPTION, detail, wallUs), exceptionType };
    }
    case FrameStatus.OutputLimit:
      return failed(RunStatus.RUN_STATUS_OUTPUT_LIMIT, text, wallUs);
    case FrameStatus.InvalidOutput:
      return failed(RunStatus.RUN_STATUS_INVALID_OUTPUT, text, wallUs);
    default:
      return failed(RunStatus.RUN_STATUS_NO_RESULT, 'the program wrote to the result pipe', wallUs);
  }
}

function runOfEnd({ cause, code, wallUs }: End): Run {
  const is = (status: RunStatus, detail: string): Run => failed(status, detail, wallUs);
  switch (cause) {
    case Cause.WallClock:
      return is(RunStatus.RUN_STATUS_TIMEOUT, 'the wall clock ran out');
    case Cause.CpuLimit:
      return is(RunStatus.RUN_STATUS_TIMEOUT, 'the CPU time ran out');
    case Cause.OutOfMemory:
      return is(RunStatus.RUN_STATUS_MEMORY_LIMIT, 'the memory ran out');
    case Cause.Signal:
      if (code === SIGSYS) return is(RunStatus.RUN_STATUS_VIOLATION, 'killed for a forbidden system call');
      return is(RunStatus.RUN_STATUS_CRASH, `killed by ${signalName(code)}`);
    case Cause.BadFrame:
      return is(RunStatus.RUN_STATUS_NO_RESULT, 'the program wrote to the result pipe');
    default:
      return is(RunStatus.RUN_STATUS_NO_RESULT, `the process exited with ${code}`);
  }
}

const failed = (status: RunStatus, detail: string, wallUs: number): Run => ({
  status,
  output: '',
  exceptionType: '',
  detail,
  wallUs,
  interpreter: 0,
});

const LOST = failed(RunStatus.RUN_STATUS_UNAVAILABLE, 'the fork server was lost, several times', 0);

const signalName = (code: number): string =>
  Object.entries(constants.signals).find(([, number]) => number === code)?.[0] ?? `signal ${code}`;
