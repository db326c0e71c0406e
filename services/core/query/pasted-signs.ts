/**
 * Full-width signs of the language, as input methods write them, and the ASCII signs they stand for. Every key and
 * value is one UTF-16 unit, so that places in the replaced text are places in the query.
 */
const asciiOf: Readonly<Record<string, string>> = {
  '（': '(',
  '）': ')',
  '：': ':',
  '＊': '*',
  '＞': '>',
  '＜': '<',
  '＝': '=',
  '，': ',',
  '、': ',',
};
const fullWidth = /[（）：＊＞＜＝，、]/g;
const anySpace = /[\s\u200b\u2060\ufeff]/;

/** The query with full-width signs as ASCII; the structure is read from it, words from the original. */
export const structureOf = (text: string): string => text.replace(fullWidth, (sign) => asciiOf[sign] ?? sign);

const plainSpace = /[ \t\r\n]/;
const invisible = /[\u200b\u2060\ufeff]/;
export const isSpace = (character: string): boolean => anySpace.test(character);
export const isPlainSpace = (character: string): boolean => plainSpace.test(character);
/** Inside a word these are part of it (nothing between two CJK characters); around one they are space. */
export const isInvisible = (character: string): boolean => invisible.test(character);

export const isPastedDash = (character: string): boolean => /[‐‑‒–—―−﹣－]/.test(character);

/** Closing quotes by opening quote, the best partner first. */
export const closingQuotes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['＂', '＂"'],
  ['“', '”“"'],
  ['”', '”"'],
  ['„', '“”"'],
  ['‟', '”"'],
  ['«', '»"'],
  ['»', '«»"'],
  ['「', '」'],
  ['『', '』'],
  ['〝', '〞〟"'],
]);
