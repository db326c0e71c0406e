/** What a folded code point is to the tokeniser. */
export const characterClass = {
  other: 0,
  word: 1,
  digit: 2,
  mark: 3,
  sign: 4,
  cjk: 5,
  space: 6,
  /** Zero-width: nothing between two CJK characters, a separator elsewhere. */
  invisible: 7,
  /** Zero-width letters and marks (variation selectors, fillers): as if they were not there. */
  dropped: 8,
  emoji: 9,
} as const;
export type CharacterClass = (typeof characterClass)[keyof typeof characterClass];

const defaultIgnorable = /\p{Default_Ignorable_Code_Point}/u;
const letterOrMark = /[\p{L}\p{M}]/u;
const mark = /\p{M}/u;
const space = /\s/u;
const punctuation = /\p{P}/u;
const cjk =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}々〆ー]/u;
const digit = /\p{Nd}/u;
const letterOrNumber = /[\p{L}\p{N}]/u;
const sign = /[\p{Sc}%#+&]/u;

const classify = (character: string): CharacterClass => {
  if (defaultIgnorable.test(character))
    return letterOrMark.test(character) ? characterClass.dropped : characterClass.invisible;
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
