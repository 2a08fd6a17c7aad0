import { malformedStreak, newAlarms, type HealthSample } from './collapse';

const settings = { window: 2, minValidShare: 0.5, minNewShare: 0.4, malformedStreak: 5, skippedUpdates: 2 };
const healthy: HealthSample = {
  ...{ proposed: 4, valid: 4, programs: 4, newPrograms: 4, malformedAtEnd: 0 },
  updateSkipped: false,
};
const names = (...steps: HealthSample[]) => newAlarms(steps, settings).map(({ name }) => name);

describe('an alarm', () => {
  it('is not raised while proposals are valid and varied', () => {
    expect(names(healthy, healthy, healthy)).toEqual([]);
  });

  it('is raised when too few proposals of the window are valid, and once only', () => {
    const invalid = { ...healthy, valid: 1 };
    expect(names(healthy, invalid)).toEqual([]); // 5 of 8
    expect(names(healthy, invalid, invalid)).toEqual(['validity']);
    expect(names(healthy, invalid, invalid, invalid)).toEqual([]);
    expect(names(invalid, invalid, healthy, healthy, invalid, invalid)).toEqual(['validity']);
  });

  it('is raised when too few programs are new', () => {
    const narrow = { ...healthy, newPrograms: 1 };
    expect(names(narrow, narrow)).toEqual(['diversity']);
  });

  it('judges shares from the first full window on', () => {
    expect(names({ ...healthy, valid: 0, newPrograms: 0 })).toEqual([]);
  });

  it('is raised when proposals in a row are malformed, over the ends of steps', () => {
    const malformed = { ...healthy, valid: 0, programs: 0, newPrograms: 0, malformedAtEnd: 4 };
    expect(names(malformed)).toEqual([]);
    expect(names({ ...healthy, malformedAtEnd: 1 }, malformed)).toContain('malformed');
    expect(malformedStreak([malformed, { ...healthy, malformedAtEnd: 3 }, malformed])).toBe(7);
  });

  it('is raised when updates in a row are skipped, and again after as many more', () => {
    const skipped = { ...healthy, updateSkipped: true };
    const raised = [1, 2, 3, 4].map((count) => names(healthy, ...Array<HealthSample>(count).fill(skipped)));
    expect(raised).toEqual([[], ['skipped'], [], ['skipped']]);
    expect(names(skipped, healthy, skipped)).toEqual([]);
    expect(names(skipped, skipped)).toEqual(['skipped']);
  });

  it('names the setting that it is raised by', () => {
    const [alarm] = newAlarms(
      [{ ...healthy, valid: 0 }, healthy, { ...healthy, valid: 1 }, { ...healthy, valid: 1 }],
      settings,
    );
    expect(alarm!.message).toBe('only 25.0% of the proposals are valid (health.minValidShare)');
  });
});
