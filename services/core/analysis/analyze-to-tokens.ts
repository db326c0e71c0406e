import { analyze } from './analyze.ts';
import { analyzeAscii, type TokenTexts } from './analyze-ascii.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ascii = /^[\u0000-\u007f]*$/;

/** The tokens and joined digit groups of a text, without places in it: what engines store. */
export const analyzeToTokens = (text: string): TokenTexts => {
  if (ascii.test(text)) return analyzeAscii(text);
  const { tokens, joined } = analyze(text);
  return { tokens: tokens.map((token) => token.text), joined: joined.map((token) => token.text) };
};

/** The tokens joined by one space. */
export const analyzeText = (text: string): string => analyzeToTokens(text).tokens.join(' ');
