/** @typedef {{ from: string, until: string }} SentDates Days like 2004-12-25, empty where there is no limit. */

/** @param {string} text */
const isOutsideQuotes = (text) => (text.match(/"/g)?.length ?? 0) % 2 === 0;

const sentClause = /(?<=^|\s)sent(>=|<=)(\d{4}-\d{2}-\d{2})(?=\s|$)/g;

/**
 * The limits that the date fields have written into a query, or that somebody typed the same way.
 * @param {string} query
 * @returns {SentDates}
 */
export const readSentDates = (query) => {
  const dates = { from: '', until: '' };
  for (const { 1: sign, 2: day = '', index } of query.matchAll(sentClause))
    if (isOutsideQuotes(query.slice(0, index))) dates[sign === '>=' ? 'from' : 'until'] = day;
  return dates;
};

/**
 * The query with these limits in place of those it had. What is joined by OR is put in parentheses first: side by
 * side means AND, which binds tighter.
 * @param {string} query
 * @param {SentDates} dates
 */
export const writeSentDates = (query, { from, until }) => {
  const rest = query
    .replace(sentClause, (clause, _sign, _day, index) =>
      isOutsideQuotes(query.slice(0, index)) ? '' : clause,
    )
    .replace(/^\s+|\s+$/g, '')
    .replace(/ {2,}/g, (spaces, index) => (isOutsideQuotes(query.slice(0, index)) ? ' ' : spaces));
  if (from === '' && until === '') return rest;
  const clauses = [from && `sent>=${from}`, until && `sent<=${until}`].filter((clause) => clause !== '');
  const kept = /(^|\s)OR(\s|$)/.test(rest) && !isWrapped(rest) ? `(${rest})` : rest;
  return [kept, ...clauses].filter((part) => part !== '').join(' ');
};

/**
 * Whether one pair of parentheses encloses all of it.
 * @param {string} query
 */
const isWrapped = (query) => {
  let depth = 0;
  for (const [index, sign] of [...query].entries()) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth === 0) return index > 0 && index === [...query].length - 1;
  }
  return false;
};
