import { leaves } from '../../config/setting-paths';
import {
  RunState as StateMessage,
  type RunEvent as EventMessage,
  type TrainingRun,
  type WatchRunResponse,
} from '../../generated/azr/v1/run';
import type { RunRecord } from '../../runs/ports';
import type { WatchItem } from '../../runs/watch-run';
import type { RunState } from '../../selfplay/run';
import type { RunEvent, StoredEvent } from '../../selfplay/run-event';
import { toEvaluated, toStepCommitted } from './step-messages';

const STATES: Record<RunState, StateMessage> = {
  pending: StateMessage.RUN_STATE_PENDING,
  seeding: StateMessage.RUN_STATE_SEEDING,
  running: StateMessage.RUN_STATE_RUNNING,
  paused: StateMessage.RUN_STATE_PAUSED,
  stopped: StateMessage.RUN_STATE_STOPPED,
  failed: StateMessage.RUN_STATE_FAILED,
  finished: StateMessage.RUN_STATE_FINISHED,
};

export const toTrainingRun = (run: RunRecord): TrainingRun => ({
  runId: run.id,
  state: STATES[run.state],
  detail: run.detail,
  step: run.step,
  budget: { steps: run.budget.steps, seconds: run.budget.seconds },
  spentSeconds: run.spentSeconds,
  createdAt: run.createdAt,
  lastSequence: run.lastSequence,
  jail: run.jail,
  settings: Object.fromEntries(leaves(run.settings).map(([path, value]) => [path, JSON.stringify(value)])),
});

export const toWatchResponse = (item: WatchItem): WatchRunResponse =>
  item.kind === 'snapshot'
    ? { item: { $case: 'snapshot', value: toTrainingRun(item.run) } }
    : { item: { $case: 'event', value: toEventMessage(item.event) } };

const toEventMessage = ({ sequence, at, event }: StoredEvent): EventMessage => ({
  sequence,
  at: new Date(at),
  event: toEvent(event),
});

function toEvent(event: RunEvent): EventMessage['event'] {
  switch (event.kind) {
    case 'state':
      return { $case: 'state', value: { state: STATES[event.state], detail: event.detail } };
    case 'step':
      return { $case: 'step', value: toStepCommitted(event) };
    case 'evaluation':
      return { $case: 'evaluation', value: toEvaluated(event.result) };
    case 'checkpoint':
      return { $case: 'checkpoint', value: { step: event.step, dir: event.dir } };
    case 'alarm':
      return { $case: 'alarm', value: { step: event.step, alarm: event.alarm, message: event.message } };
    case 'note':
      return { $case: 'note', value: { message: event.message } };
  }
}
