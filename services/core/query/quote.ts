const simpleWord = /^[\p{L}\p{N}]+$/u;
const simpleValue = /^[\p{L}\p{N}@][\p{L}\p{N}@._+-]*$/u;
const likeOperator = /^(?:and|or|not|o?near)$/i;

/** No word holds a quote sign, because the first one ends it; so these quotes close where they should. */
const inQuotes = (text: string): string => `"${text}"`;

/** Text as the echo writes it: read again, it is the same phrase. */
export const quoteText = (text: string, star: boolean): string => {
  const written = star ? `${text}*` : text;
  return simpleWord.test(text) && !likeOperator.test(text) ? written : inQuotes(written);
};

/** A value after a colon as the echo writes it. */
export const quoteValue = (value: string, star: boolean): string => {
  const written = star ? `${value}*` : value;
  return simpleValue.test(value) && !likeOperator.test(value) ? written : inQuotes(written);
};
