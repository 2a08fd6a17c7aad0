import { shortened } from '../domain/shortened';

/** What was asked for and what there was instead, each in words for a person. */
export interface Fault {
  expected: string;
  got: string;
}

/** What came of a case. It passes where there is neither a fault nor a doubt. */
export interface Play {
  faults: Fault[];
  /** Faults that may be the doing of others: of a busy machine, or of someone who ends processes. */
  doubts: Fault[];
  /** How each step ended, in one word. */
  outcomes: string[];
}

/** A case that could not be played to its end. */
export const unplayed = (got: string): Play => ({
  faults: [{ expected: 'a case that can be run', got }],
  doubts: [],
  outcomes: [],
});

/** Characters of a text that a fault shows. */
const SHOWN = 300;

/** A text of any length, as a fault shows it. */
export const shown = (text: string): string => shortened(text, SHOWN);

/** What a time longer than `boundMs` is, or nothing. */
export const delayOf = (what: string, elapsedMs: number, boundMs: number): Fault[] =>
  elapsedMs <= boundMs ? [] : [{ expected: `${what} in at most ${boundMs} ms`, got: `${Math.round(elapsedMs)} ms` }];
