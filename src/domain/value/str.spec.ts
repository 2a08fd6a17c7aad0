import { canonicalText, codePointsOf, equalValues, pyStr, pyStrOf } from '.';
import { joinedStr } from './str';

const HIGH = 0xd83d;
const LOW = 0xde00;
const PAIR = 0x1f600;

describe('a str', () => {
  it.each([
    [[HIGH, LOW]],
    [[PAIR]],
    [[HIGH, PAIR, LOW]],
    [[PAIR, LOW, HIGH, LOW, LOW, HIGH, HIGH, LOW]],
    [[0x61, HIGH, LOW, 0x62]],
    [[]],
  ])('of the code points %j has those', (points) => {
    const str = pyStrOf(points);
    expect(codePointsOf(str)).toEqual(points);
    expect(str.text).toBe(String.fromCodePoint(...points));
  });

  it('tells two surrogates from the character that has the same text', () => {
    const [two, one] = [pyStrOf([HIGH, LOW]), pyStr('😀')];
    expect(two.text).toBe(one.text);
    expect(equalValues(two, one, 'python')).toBe(false);
    expect([canonicalText(two), canonicalText(one)]).toEqual(["'\\ud83d\\ude00'", "'😀'"]);
  });

  it('keeps its code points when others are joined to it', () => {
    const parts = [[HIGH], [], [LOW], [HIGH, LOW], [PAIR], [LOW]];
    expect(codePointsOf(joinedStr(parts.map(pyStrOf)))).toEqual(parts.flat());
  });
});
