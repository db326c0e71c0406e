/** @import { Item, Version } from '../../../schemas/archive/item.ts' */
/** @import { Highlight, Hit } from '../../../schemas/api/search.ts' */
import { element } from './elements.js';
import { highlighted } from './highlight-text.js';
import { say } from './language.js';
import {
  extrasOf,
  marksOf,
  moreHighlightsView,
  nameOf,
  sentOf,
  systemText,
  timeView,
} from './message-parts.js';

/** @typedef {{ hit: Hit, timeZone: string }} Around */

/**
 * The items of a conversation as lines, a heading before each day; the hit is marked.
 * @param {Around} around
 * @param {readonly Item[]} items
 */
export const transcriptOf = (around, items) => {
  let day = '';
  return items.flatMap((item) => {
    const sent = sentOf(item, item.versions[0]);
    const line = lineView(around, item, sent);
    if (sent === undefined) return [line];
    const view = timeView(sent, around.timeZone, { dateStyle: 'full' });
    if (view.textContent === day) return [line];
    day = view.textContent ?? '';
    return [element('li', { class: 'day' }, view), line];
  });
};

/**
 * @param {Around} around
 * @param {Item} item
 * @param {string | undefined} sent
 */
const lineView = (around, item, sent) => {
  const { timeZone } = around;
  const isHit = item.id === around.hit.item.id;
  const highlights = isHit ? around.hit.highlights : [];
  const version = item.versions.at(-1);
  const time = sent === undefined ? undefined : timeView(sent, timeZone, { timeStyle: 'short' });
  if (item.event !== 'message')
    return element('li', { class: 'line system' }, time, element('p', {}, systemText(item)));
  return element(
    'li',
    { class: isHit ? 'line hit-line' : 'line', ...(isHit ? { tabindex: '-1', 'aria-current': 'true' } : {}) },
    time,
    element(
      'div',
      {},
      element(
        'p',
        { class: 'author' },
        version === undefined ? '' : nameOf(version.author),
        ...marksOf(item, timeZone),
        isHit ? element('span', { class: 'badge hit-badge' }, say('theHit')) : undefined,
      ),
      bodyView(version, highlights, item.deletion === undefined ? 'body' : 'body struck'),
      ...extrasOf(item, version, highlights),
      isHit ? moreHighlightsView(around.hit) : undefined,
      ...versionsView(item, highlights, timeZone),
    ),
  );
};

/**
 * @param {Version | undefined} version
 * @param {readonly Highlight[]} highlights
 * @param {string} kind
 */
const bodyView = (version, highlights, kind) => {
  const spans = highlights.filter(
    ({ part, version: number }) => part === 'body' && number === version?.number,
  );
  return element(
    'p',
    { class: kind },
    ...(version?.body === undefined ? [say('noText')] : highlighted(version.body, spans)),
  );
};

/**
 * @param {Item} item
 * @param {readonly Highlight[]} highlights
 * @param {string} timeZone
 */
const versionsView = (item, highlights, timeZone) =>
  item.versions.length < 2
    ? []
    : [
        element(
          'details',
          { class: 'versions' },
          element('summary', {}, say('allVersions', { count: item.versions.length })),
          element(
            'ol',
            {},
            ...item.versions.map((version) =>
              element(
                'li',
                {},
                element('p', { class: 'why' }, timeView(sentOf(item, version) ?? version.loggedAt, timeZone)),
                bodyView(version, highlights, 'body'),
              ),
            ),
          ),
        ),
      ];
