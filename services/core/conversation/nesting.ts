const [quote, backslash] = [0x22, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Whether objects and arrays in this JSON text go deeper than `limit`. Needs no stack and no valid JSON. */
export const isNestedDeeperThan = (text: string, limit: number): boolean =>
  hasMoreOpeningsThan(text, limit) && isDeeper(text, limit);

// Hardly any event has more openings than the limit, and counting them is cheaper than following strings.
const hasMoreOpeningsThan = (text: string, limit: number): boolean => {
  let count = 0;
  for (const opening of ['{', '[']) {
    for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at + 1)) {
      count += 1;
      if (count > limit) return true;
    }
  }
  return false;
};

const isDeeper = (text: string, limit: number): boolean => {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === backslash) at += 1;
      else if (code === quote) isInString = false;
    } else if (code === quote) {
      isInString = true;
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
    }
  }
  return false;
};
