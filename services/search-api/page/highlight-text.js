import { element } from './elements.js';

/** @typedef {{ readonly offset: number, readonly length: number }} Span UTF-16 */
/** @typedef {{ readonly text: string, readonly marked: boolean }} Segment */

/** A hit shows this much of a long text, from a little before its first highlight. */
const excerptLength = 600;
const excerptLead = 120;

/**
 * The text cut at the borders of the spans; overlapping spans become one. Joined, the segments are the text.
 * @param {string} text
 * @param {readonly Span[]} spans
 * @returns {Segment[]}
 */
export const segmentsOf = (text, spans) => {
  const segments = [];
  let end = 0;
  for (const { offset, length } of [...spans].sort((a, b) => a.offset - b.offset)) {
    const start = Math.max(offset, end);
    const stop = Math.min(offset + length, text.length);
    if (stop <= start) continue;
    if (start > end) segments.push({ text: text.slice(end, start), marked: false });
    segments.push({ text: text.slice(start, stop), marked: true });
    end = stop;
  }
  if (end < text.length) segments.push({ text: text.slice(end), marked: false });
  return segments;
};

/**
 * The part of a long text around its first span, never cut inside a character; spans are moved along.
 * @param {string} text
 * @param {readonly Span[]} spans
 */
export const excerptOf = (text, spans) => {
  if (text.length <= excerptLength) return { text, spans };
  const first = spans.length === 0 ? 0 : Math.min(...spans.map(({ offset }) => offset));
  const start = borderAt(text, Math.min(Math.max(0, first - excerptLead), text.length - excerptLength));
  const end = borderAt(text, Math.min(text.length, start + excerptLength));
  const lead = start > 0 ? '… ' : '';
  const moved = spans
    .filter(({ offset, length }) => offset + length > start && offset < end)
    .map(({ offset, length }) => ({
      offset: offset - start + lead.length,
      length: Math.min(length, end - offset),
    }));
  return { text: `${lead}${text.slice(start, end)}${end < text.length ? ' …' : ''}`, spans: moved };
};

/**
 * @param {string} text
 * @param {number} offset
 */
const borderAt = (text, offset) => (/[\udc00-\udfff]/.test(text.charAt(offset)) ? offset - 1 : offset);

/**
 * @param {string} text
 * @param {readonly Span[]} spans
 * @returns {Node[]}
 */
export const highlighted = (text, spans) =>
  segmentsOf(text, spans).map((segment) =>
    segment.marked ? element('mark', {}, segment.text) : document.createTextNode(segment.text),
  );
