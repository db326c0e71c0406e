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

/** Signs that open a phrase, each with the sign that is its own partner. */
const partners: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['＂', '＂'],
  ['“', '”'],
  ['”', '”'],
  ['„', '“'],
  ['‟', '”'],
  ['«', '»'],
  ['»', '«'],
  ['「', '」'],
  ['『', '』'],
  ['〝', '〞'],
]);
const closing = /["＂“”«»」』〞〟]/;

export const opensQuote = (character: string): boolean => partners.has(character);
export const closesQuote = (character: string): boolean => closing.test(character);
export const isQuote = (character: string): boolean => opensQuote(character) || closesQuote(character);
export const isPlainQuote = (character: string): boolean => character === '"' || character === '＂';
export const partnerOf = (opener: string): string => partners.get(opener) ?? '"';
