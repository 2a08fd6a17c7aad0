/** What one step showed of the proposals' health. */
export interface HealthSample {
  proposed: number;
  valid: number;
  /** Programs of valid tasks and of repeats, and those of them that are new. */
  programs: number;
  newPrograms: number;
  /** Malformed proposals in a row at the end of the step; `proposed` if all of them are. */
  malformedAtEnd: number;
  /** Whether the step's update left the policy as it was, because losses or gradients were not finite. */
  updateSkipped: boolean;
}

export interface HealthSettings {
  /** Steps that shares are taken over. */
  window: number;
  minValidShare: number;
  minNewShare: number;
  malformedStreak: number;
  skippedUpdates: number;
}

export type AlarmName = 'validity' | 'diversity' | 'malformed' | 'skipped';

/** A way in which self-play has collapsed. */
export interface Alarm {
  name: AlarmName;
  /** One line that says what was seen, and which setting to look at. */
  message: string;
}

/**
 * Collapses that hold after the last of the steps and did not hold before it, so that each is told once. Shares are
 * judged from the first full window on.
 * @param steps oldest first
 */
export function newAlarms(steps: readonly HealthSample[], settings: HealthSettings): Alarm[] {
  const before = new Set(alarmsOf(steps.slice(0, -1), settings).map(({ name }) => name));
  return alarmsOf(steps, settings).filter(({ name }) => !before.has(name));
}

function alarmsOf(steps: readonly HealthSample[], settings: HealthSettings): Alarm[] {
  const streak = malformedStreak(steps);
  const alarms: Alarm[] = [];
  const skipped = skippedStreak(steps);
  // Told again after as many more, so that a run that is resumed without a remedy pauses again.
  if (skipped > 0 && skipped % settings.skippedUpdates === 0) {
    alarms.push({ name: 'skipped', message: skippedMessage(skipped) });
  }
  if (streak >= settings.malformedStreak) alarms.push({ name: 'malformed', message: malformedMessage(streak) });
  if (steps.length < settings.window) return alarms;
  const window = steps.slice(-settings.window);
  const sum = (of: (step: HealthSample) => number): number => window.reduce((total, step) => total + of(step), 0);
  const valid = share(
    sum((step) => step.valid),
    sum((step) => step.proposed),
  );
  const fresh = share(
    sum((step) => step.newPrograms),
    sum((step) => step.programs),
  );
  if (valid < settings.minValidShare) {
    alarms.push({ name: 'validity', message: shareMessage('of the proposals are valid', valid, 'minValidShare') });
  }
  if (fresh < settings.minNewShare) {
    const what = 'of the proposed programs are new';
    alarms.push({ name: 'diversity', message: shareMessage(what, fresh, 'minNewShare') });
  }
  return alarms;
}

/** Malformed proposals in a row up to now. */
export function malformedStreak(steps: readonly HealthSample[]): number {
  let streak = 0;
  for (const { malformedAtEnd, proposed } of [...steps].reverse()) {
    streak += malformedAtEnd;
    if (malformedAtEnd < proposed) break;
  }
  return streak;
}

/** Skipped updates in a row up to now. */
const skippedStreak = (steps: readonly HealthSample[]): number =>
  steps.length - 1 - steps.findLastIndex(({ updateSkipped }) => !updateSkipped);

/** 1 where there is nothing to take a share of. */
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

const malformedMessage = (streak: number): string =>
  `the last ${streak} proposals were malformed: does the policy know the prompt format, is rollout.maxTokens enough?`;

const skippedMessage = (streak: number): string =>
  `the last ${streak} updates were skipped, their losses or gradients not being finite (health.skippedUpdates)`;

const shareMessage = (what: string, value: number, setting: string): string =>
  `only ${(100 * value).toFixed(1)}% ${what} (health.${setting})`;
