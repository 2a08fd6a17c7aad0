import { goldAnswer } from '../domain/task/gold-answer';
import type { Task, TripletTask } from '../domain/task/task';
import type { Bench } from './bench';
import { FreshVerifier } from './fresh-verifier';
import { foundText, judgeStep } from './judge-step';
import { delayOf, type Fault, type Play } from './play';
import { caseSettings } from './settings';
import type { Step, VerifierCase } from './verifier-case';

/** Reading a response and its values, without the runs of programs, milliseconds. */
const READING_MS = 1_000;

/** Plays the steps in one fresh verifier, which is well after each; an accepted task is answered with its own gold. */
export async function playVerifier(one: VerifierCase, bench: Bench): Promise<Play> {
  const verifier = new FreshVerifier(bench.adapter, caseSettings(one.timeoutMs));
  const play: Play = { faults: [], doubts: [], outcomes: [] };
  for (const [i, step] of one.steps.entries()) {
    const named = (fault: Fault): Fault => (one.steps.length === 1 ? fault : stepFault(i + 1, fault));
    const { outcome, faults, ownMs } = await playStep(step, verifier, bench);
    play.outcomes.push(outcome);
    play.faults.push(...[...faults, ...(await healthFaults(verifier))].map(named));
    play.doubts.push(...delayOf('reading', ownMs, READING_MS).map(named));
  }
  play.doubts.push(...(await bench.doubts()));
  return play;
}

const stepFault = (number: number, { expected, got }: Fault): Fault => ({
  expected: `step ${number}: ${expected}`,
  got: `step ${number}: ${got}`,
});

async function playStep(step: Step, verifier: FreshVerifier, { client }: Bench) {
  const started = performance.now();
  const callsBefore = client.callMs;
  const found = await verifier.respond(step);
  const ownMs = performance.now() - started - (client.callMs - callsBefore);
  const faults = judgeStep(step, found);
  if ('task' in found) faults.push(...(await goldFaults(step, found.task, verifier)));
  return { outcome: found.outcome, faults, ownMs };
}

/** An accepted task can be answered: with its own output or input, or with the program that its proposer was shown. */
async function goldFaults(step: Step, task: Task, verifier: FreshVerifier): Promise<Fault[]> {
  const gold = step.kind === 'propose' && step.type === 'induction' ? step.program : goldAnswer(task);
  const [verdict] = await verifier.answer(task, gold);
  if (verdict?.outcome === 'correct') return [];
  return [{ expected: 'a task that its own answer is correct for', got: verdict ? foundText(verdict) : 'no verdict' }];
}

const CANARY: TripletTask = {
  id: '',
  type: 'abduction',
  program: 'def f(x):\n    return x + 1',
  input: '3',
  output: '4',
};

/** A verifier that is well tells a right answer from a wrong one. */
async function healthFaults(verifier: FreshVerifier): Promise<Fault[]> {
  const verdicts = await verifier.answer(CANARY, '3', '4');
  const got = verdicts.map(({ outcome }) => outcome).join(', ');
  return got === 'correct, incorrect' ? [] : [{ expected: 'canaries that are correct, incorrect afterwards', got }];
}
