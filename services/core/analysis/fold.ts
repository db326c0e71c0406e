/**
 * What normalisation may join to the character before it: marks, halfwidth voicing marks, vowel and final jamo in
 * every width, Thai and Lao am. A test proves the list complete for the Unicode version of this Node.
 */
const joinsPrevious =
  /[\p{M}\u0e33\u0eb3\u1161-\u1175\u11a8-\u11c2\u3133\u3135\u3136\u313a-\u313f\u314f-\u3163\uff9e\uff9f\uffa3\uffa5\uffa6\uffaa-\uffaf\uffc2-\uffdc\u{16d67}\u{16d68}]/uy;
const latinWithMarks = /(\p{Script=Latin})\p{Mn}+/gu;

/** End of the character at `start` with everything normalisation may join to it; folding it alone is exact. */
export const clusterEnd = (text: string, start: number): number => {
  let end = start + (text.codePointAt(start)! > 0xffff ? 2 : 1);
  while (end < text.length && text.charCodeAt(end) >= 0x80) {
    joinsPrevious.lastIndex = end;
    if (!joinsPrevious.test(text)) break;
    end = joinsPrevious.lastIndex;
  }
  return end;
};

/** Compatibility forms and case: what addresses are compared by. Diacritics stay. */
export const foldCase = (text: string): string => {
  let folded = '';
  for (const character of text.normalize('NFKC')) folded += character.toUpperCase().toLowerCase();
  // ẞ is the one letter that this leaves as its small form, which itself folds to two letters.
  return folded.replaceAll('ß', 'ss').normalize('NFC');
};

/** Case, width and Latin diacritics folded: what words are compared by. */
export const foldText = (text: string): string =>
  foldCase(text).normalize('NFD').replace(latinWithMarks, '$1').normalize('NFC');

const remembered = new Map<string, string>();
const maxRemembered = 20_000;

/** `foldText` of one cluster; remembers short ones, since a language uses few. */
export const foldCluster = (cluster: string): string => {
  const known = remembered.get(cluster);
  if (known !== undefined) return known;
  const folded = foldText(cluster);
  if (cluster.length <= 2 && remembered.size < maxRemembered) remembered.set(cluster, folded);
  return folded;
};
