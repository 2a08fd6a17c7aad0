import type { AlarmName } from '../domain/health/collapse';
import type { TaskBuffer } from '../domain/curriculum/task-buffer';
import type { Budget } from '../selfplay/budget';
import type { RunObserver } from '../selfplay/ports';
import type { StepOutcome, StepRecord } from '../selfplay/step-record';
import type { Clock } from '../selfplay/stopwatch';
import type { LiveLine } from './live-line';
import type { Logger } from './logger';
import { duration, grouped, percent, signed } from './words';

/** Shows a run as it goes: one live line on a terminal, one line a step elsewhere; and writes it to the log. */
export class RunProgress implements RunObserver {
  private step = 0;
  private stepStart = 0;
  private stepTokens = 0;
  private committed = 0;
  private last: StepWords | undefined;

  constructor(
    private readonly line: LiveLine,
    private readonly log: Logger,
    private readonly budget: Budget,
    private readonly clock: Clock,
  ) {}

  stepStarted(step: number): void {
    this.step = step;
    this.stepStart = this.clock();
    this.stepTokens = 0;
    this.draw();
  }

  responsesLanded(tokens: number): void {
    this.stepTokens += tokens;
    this.draw();
  }

  stepCommitted(record: StepRecord, buffer: TaskBuffer): void {
    this.committed++;
    this.last = wordsOf(record, buffer);
    this.log.info('step committed', {
      step: record.plan.step,
      policyVersion: record.plan.policyVersion + 1,
      buffer: buffer.tasks.length,
      ...record.outcome,
      update: record.update,
    });
    if (this.line.live) this.draw();
    else this.line.print(stepLine(this.last, this.left()));
  }

  busy(what: string): void {
    this.line.show(`${what} …`);
  }

  alarm(alarm: AlarmName, message: string): void {
    this.log.warn('alarm', { alarm, message });
    this.line.print(`alarm (${alarm}): ${message}`);
  }

  note(message: string): void {
    this.log.info(message);
    this.line.print(message);
  }

  /** What changes most comes first: a narrow terminal cuts the end. */
  private draw(): void {
    const seconds = this.clock() - this.stepStart;
    const speed = seconds > 0 ? `${grouped(this.stepTokens / seconds)} tokens/s` : '';
    const last = this.last ? `v${this.last.version}, ${this.last.valid}, ${this.last.solved}` : '';
    const rest = this.last ? `${this.last.rewards}, ${this.last.buffer}` : '';
    this.line.show([`step ${this.step}`, this.left(), speed, last, rest].filter((part) => part !== '').join(' · '));
  }

  private left(): string {
    const [steps, seconds] = [this.budget.leftSteps(this.committed), this.budget.leftSeconds()];
    if (steps !== undefined) return `${steps} ${steps === 1 ? 'step' : 'steps'} left`;
    return seconds === undefined ? '' : `${duration(seconds)} left`;
  }
}

/** A committed step in words. */
interface StepWords {
  step: number;
  version: number;
  valid: string;
  solved: string;
  rewards: string;
  buffer: string;
  speed: string;
}

function wordsOf({ plan, outcome }: StepRecord, buffer: TaskBuffer): StepWords {
  const done = outcome!;
  const types = Object.values(done.tasks);
  const rates = Object.values(done.solveRate);
  const samples = sum(rates.map((it) => it.samples));
  const rolloutSeconds = done.seconds['rollout'] ?? 0;
  return {
    step: plan.step,
    version: plan.policyVersion + 1,
    valid: `valid ${sum(types.map((it) => it.valid))}/${sum(types.map((it) => it.proposed))}`,
    solved: `solved ${samples === 0 ? '–' : percent(sum(rates.map((it) => it.solved)) / samples)}`,
    rewards: `rewards ${signed(meanReward(done, 'proposer'))} proposer ${signed(meanReward(done, 'solver'))} solver`,
    buffer: `buffer ${buffer.tasks.length}`,
    speed: rolloutSeconds > 0 ? `${grouped(done.tokensGenerated / rolloutSeconds)} tokens/s` : '',
  };
}

/** `step 3 · policy v3 · valid 14/16 · solved 23.4% · rewards +0.31 proposer −0.12 solver · buffer 78 · …` */
const stepLine = ({ step, version, valid, solved, rewards, buffer, speed }: StepWords, left: string): string =>
  [`step ${step}`, `policy v${version}`, valid, solved, rewards, buffer, speed, left]
    .filter((part) => part !== '')
    .join(' · ');

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

function meanReward({ rewards }: StepOutcome, role: 'proposer' | 'solver'): number | null {
  const values = Object.values(rewards[role]).filter((value) => value !== null);
  return values.length === 0 ? null : sum(values) / values.length;
}
