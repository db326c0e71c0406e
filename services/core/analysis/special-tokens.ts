/** A token is at most this many code points; what is longer is cut into pieces of this size. */
export const maxTokenLength = 64;

/**
 * Tokens that are signs are written as private-use code points, because engines split at ASCII punctuation.
 * Private-use code points of a text separate tokens, so nothing a person writes gives one of these.
 */
const privateUseBase = 0xe000;

/** Stands between two attachment names; no query produces it, so phrases and NEAR never cross it. */
export const partSeparator = String.fromCodePoint(privateUseBase);

/** ASCII signs become U+E000 + code; other currency signs are whole tokens as they are. */
export const signToken = (sign: string): string => {
  const code = sign.codePointAt(0) ?? 0;
  return code < 0x80 ? String.fromCodePoint(privateUseBase + code) : sign;
};
