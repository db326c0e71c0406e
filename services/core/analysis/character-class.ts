/** What a folded code point is to the tokeniser. */
export const characterClass = {
  other: 0,
  word: 1,
  digit: 2,
  mark: 3,
  sign: 4,
  cjk: 5,
  space: 6,
  /** Zero-width space: a border of words where a script has no spaces, nothing in other words and between CJK. */
  invisible: 7,
  /** Other ignorable characters (soft hyphen, joiners, selectors, fillers): as if they were not there. */
  dropped: 8,
  emoji: 9,
} as const;
export type CharacterClass = (typeof characterClass)[keyof typeof characterClass];

const defaultIgnorable = /\p{Default_Ignorable_Code_Point}/u;
const zeroWidthSpace = '\u200b';
const spaceless =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Tai_Tham}\p{Script=New_Tai_Lue}\p{Script=Javanese}\p{Script=Balinese}]/u;

/** True of scripts whose words are separated by nothing, or by zero-width spaces. */
export const isSpaceless = (character: string): boolean => spaceless.test(character);
const mark = /\p{M}/u;
const space = /\s/u;
const punctuation = /\p{P}/u;
const cjk =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}々〆ー]/u;
const digit = /\p{Nd}/u;
const letterOrNumber = /[\p{L}\p{N}]/u;
const sign = /[\p{Sc}%#+&]/u;

const classify = (character: string): CharacterClass => {
  if (character === zeroWidthSpace) return characterClass.invisible;
  if (defaultIgnorable.test(character)) return characterClass.dropped;
  if (mark.test(character)) return characterClass.mark;
  if (space.test(character)) return characterClass.space;
  if (cjk.test(character) && !punctuation.test(character)) return characterClass.cjk;
  if (digit.test(character)) return characterClass.digit;
  if (letterOrNumber.test(character)) return characterClass.word;
  return sign.test(character) ? characterClass.sign : characterClass.other;
};

const unset = 255;
const bmpClasses = new Uint8Array(0x10000).fill(unset);

/** Class of one folded code point; the basic plane is remembered. */
export const classOf = (codePoint: number): CharacterClass => {
  if (codePoint > 0xffff) return classify(String.fromCodePoint(codePoint));
  const known = bmpClasses[codePoint]!;
  if (known !== unset) return known as CharacterClass;
  const found = classify(String.fromCodePoint(codePoint));
  bmpClasses[codePoint] = found;
  return found;
};
