/** Numbers and texts as a person reads them on a terminal. */

export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

export const signed = (value: number | null): string =>
  value === null ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

/** 1 → `1 step`, 1200 → `1,200 steps`. */
export const counted = (count: number, what: string): string => `${grouped(count)} ${count === 1 ? what : `${what}s`}`;

/** 75 → `1:15`. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

/** Text that a policy wrote, made harmless for a terminal: control characters are shown, not obeyed. */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
