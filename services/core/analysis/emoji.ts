/** Pictographs that compatibility normalisation turns into text (™ ℹ Ⓜ 🈚 …) are text here. */
const pictograph =
  '[\\p{Extended_Pictographic}--[\\u203c\\u2049\\u2122\\u2139\\u24c2\\u3297\\u3299\\u{1f201}\\u{1f202}\\u{1f21a}\\u{1f22f}\\u{1f232}-\\u{1f23a}\\u{1f250}\\u{1f251}\\u00a9\\u00ae]]';
const modifier = '[\\u{1f3fb}-\\u{1f3ff}]';
const tags = '(?:[\\u{e0020}-\\u{e007e}]+\\u{e007f})?';
const element = `(?:\\p{RI}{1,2}|(?:${pictograph}|[\\u00a9\\u00ae](?=\\ufe0f))[\\ufe0e\\ufe0f]?${modifier}?\\u20e3?${tags})`;
const emoji = new RegExp(`(?:[0-9#*]\\ufe0f?\\u20e3|${element}(?:\\u200d${element})*|${modifier})`, 'vy');
const presentation = /[\ufe0e\ufe0f]/gu;
const skinTone = /(?<=.)[\u{1f3fb}-\u{1f3ff}]/gsu;

/** Where the emoji that begins at `start` ends, or -1. Flags, keycaps, families and tags are one emoji. */
export const emojiEnd = (text: string, start: number): number => {
  emoji.lastIndex = start;
  return emoji.test(text) ? emoji.lastIndex : -1;
};

/** One form for all skin tones and presentations; the ASCII sign of a keycap is left to `signToken`. */
export const foldEmoji = (text: string): string => text.replace(presentation, '').replace(skinTone, '');
