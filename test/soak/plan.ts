import type { Random } from '../../src/domain/random/random';
import { RunMode, RunStatus } from '../../src/generated/azr/v1/executor';
import { ATTACKS } from './attacks';
import type { Expectation } from './expectation';

/** An argument list and what has to come of it. */
export interface PlannedInput {
  text: string;
  expected: Expectation;
}

/** One call of the executor. */
export interface PlannedCall {
  kind: 'ordinary' | 'attack';
  program: string;
  inputs: readonly PlannedInput[];
  runMode: RunMode;
  timeoutMs: number;
  /** The caller goes away after so long, unless it has its answer by then. */
  cancelAfterMs?: number;
}

/** A program whose outcomes are known. */
export interface KnownProgram {
  text: string;
  inputs: readonly PlannedInput[];
  runModes: readonly RunMode[];
}

const { RUN_MODE_ONCE: ONCE, RUN_MODE_TWICE: TWICE, RUN_MODE_ACROSS: ACROSS } = RunMode;
export const EVERY_MODE: readonly RunMode[] = [ONCE, TWICE, ACROSS];

/** Long enough that nothing that ends reaches it. */
const PATIENT_MS = 5_000;
/** Of those that may hang. */
const HASTY_MS = 250;

const EXECUTIONS_AN_ATTACK = 20;
const CALLS_AN_ODDITY = 12;
const CALLS_A_CANCELLATION = 15;
const LONGEST_PATIENCE_MS = 60;
const CALLS_A_CROWD = 25;
const MOST_INPUTS = 10;
const CROWD = 120;

/** Calls whose inputs are `executions` in all; every twentieth is an attack. */
export function planOf(programs: readonly KnownProgram[], executions: number, random: Random): PlannedCall[] {
  const attacks = Math.floor(executions / EXECUTIONS_AN_ATTACK);
  const honest = executions - attacks;
  const calls: PlannedCall[] = [];
  let planned = 0;
  let attacked = 0;
  while (planned < honest) {
    const call = shortened(ordinaryCall(programs, random), honest - planned);
    planned += call.inputs.length;
    calls.push(call);
    const due = Math.floor(planned / (EXECUTIONS_AN_ATTACK - 1));
    while (attacked < Math.min(due, attacks)) calls.push(attackCall(attacked++, random));
  }
  return calls;
}

/** Every attack by turns. */
function attackCall(number: number, random: Random): PlannedCall {
  const { program, statuses, output } = ATTACKS[number % ATTACKS.length]!;
  const runMode = EVERY_MODE[random.below(EVERY_MODE.length)]!;
  const inputs = [{ text: '', expected: { statuses, output } }];
  const timeoutMs = limitFor(statuses);
  return sometimesCancelled({ kind: 'attack', program, inputs, runMode, timeoutMs }, random);
}

function ordinaryCall(programs: readonly KnownProgram[], random: Random): PlannedCall {
  if (random.below(CALLS_AN_ODDITY) === 0) return ODDITIES[random.below(ODDITIES.length)]!;
  const { text: program, inputs, runModes } = programs[random.below(programs.length)]!;
  const isCrowd = random.below(CALLS_A_CROWD) === 0;
  const count = isCrowd ? CROWD : 1 + random.below(MOST_INPUTS);
  const call: PlannedCall = {
    kind: 'ordinary',
    program,
    inputs: Array.from({ length: count }, () => inputs[random.below(inputs.length)]!),
    runMode: runModes[random.below(runModes.length)]!,
    timeoutMs: PATIENT_MS,
  };
  return sometimesCancelled(call, random);
}

function sometimesCancelled(call: PlannedCall, random: Random): PlannedCall {
  const isCancelled = random.below(CALLS_A_CANCELLATION) === 0;
  return isCancelled ? { ...call, cancelAfterMs: random.below(LONGEST_PATIENCE_MS) } : call;
}

const shortened = (call: PlannedCall, most: number): PlannedCall => ({ ...call, inputs: call.inputs.slice(0, most) });

const odd = (program: string, status: RunStatus, texts: string[], runMode: RunMode = ACROSS): PlannedCall => ({
  kind: 'ordinary',
  program,
  inputs: texts.map((text) => ({ text, expected: { statuses: [status] } })),
  runMode,
  timeoutMs: limitFor([status]),
});

const limitFor = (statuses: readonly RunStatus[]): number =>
  statuses.includes(RunStatus.RUN_STATUS_TIMEOUT) ? HASTY_MS : PATIENT_MS;

/** Calls that end in every way that is no value and no exception. */
const ODDITIES: readonly PlannedCall[] = [
  odd('def f(x):\n    return x', RunStatus.RUN_STATUS_INVALID_INPUT, ['[1,', 'y', 'f(1)', '1 +', '*[1]', '1); f(2']),
  odd('def f(n):\n    return "x" * n', RunStatus.RUN_STATUS_OUTPUT_LIMIT, ['30000', '10 ** 6']),
  odd('def f(x):\n    return lambda: x', RunStatus.RUN_STATUS_INVALID_OUTPUT, ['1', '[2]']),
  odd('def f(x):\n    yield x', RunStatus.RUN_STATUS_INVALID_OUTPUT, ['1'], TWICE),
  odd('def f(x):\n    while x: pass', RunStatus.RUN_STATUS_TIMEOUT, ['1'], ONCE),
  odd('import itertools\ndef f(x):\n    return sum(itertools.count(x))', RunStatus.RUN_STATUS_TIMEOUT, ['1'], TWICE),
];
