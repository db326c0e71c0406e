const lineEnds = /[\r\n\t\u2028\u2029]+/g;
/** Control characters move the cursor and recolour; bidirectional controls reorder what stands beside them. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Archived text on one line of a terminal, without what could act on it. */
export const printable = (text: string): string => text.replaceAll(lineEnds, ' ').replaceAll(unseen, '');
