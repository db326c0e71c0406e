/** @import { Problem } from '../../../schemas/api/problem.ts' */
/** @typedef {NonNullable<Problem['faults']>[number]} QueryFault */
import { button, element } from './elements.js';
import { currentLanguage, say, sayIfKnown } from './language.js';

/** How much of a long query is shown on either side of a fault. */
const contextLength = 60;

/**
 * A fault of the query under its characters, with corrected queries to choose from.
 * @param {string} query
 * @param {QueryFault} fault
 * @param {(corrected: string) => void} onFix
 */
export const faultView = (query, fault, onFix) => {
  const translated = currentLanguage() === 'en' ? undefined : sayIfKnown(`fault.${fault.code}`);
  return element(
    'div',
    { class: 'fault' },
    caretLines(query, fault),
    element(
      'p',
      {},
      element('strong', {}, say('faultAt', { n: [...query.slice(0, fault.offset)].length + 1 })),
      ' ',
      translated === undefined ? undefined : `${translated} `,
      element('span', { lang: 'en', class: translated === undefined ? '' : 'original' }, fault.message),
    ),
    fault.expected === undefined
      ? undefined
      : element('p', { class: 'expected' }, say('expected', { what: fault.expected })),
    fixesView(fault.fixes, onFix),
  );
};

/**
 * The caret hangs below the very characters it marks, so it stays under them whatever their font makes them as wide.
 * @param {string} query
 * @param {QueryFault} fault
 */
const caretLines = (query, { offset, length }) => {
  const start = Math.max(0, offset - contextLength);
  const end = Math.min(query.length, offset + Math.max(length, 1) + contextLength);
  const shown = (/** @type {number} */ from, /** @type {number} */ to) =>
    query.slice(from, to).replace(/[\r\n\t]/g, ' ');
  const marked = element(
    'span',
    { class: length === 0 ? 'marked between' : 'marked' },
    shown(offset, offset + length),
  );
  return element(
    'pre',
    { class: 'caret', 'aria-hidden': 'true' },
    `${start > 0 ? '…' : ''}${shown(start, offset)}`,
    marked,
    `${shown(offset + length, end)}${end < query.length ? '…' : ''}`,
  );
};

/**
 * @param {readonly string[]} fixes
 * @param {(corrected: string) => void} onFix
 */
const fixesView = (fixes, onFix) =>
  fixes.length === 0
    ? undefined
    : element(
        'p',
        { class: 'fixes' },
        say('correctTo'),
        ...fixes.map((fix) => button({ class: 'fix' }, fix, () => onFix(fix))),
      );
