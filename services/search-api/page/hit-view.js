/** @import { Hit } from '../../../schemas/api/search.ts' */
/** @import { Version } from '../../../schemas/archive/item.ts' */
/** @import { StringName } from './language.js' */
import { button, element } from './elements.js';
import { excerptOf, highlighted } from './highlight-text.js';
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

/**
 * One hit: who, where and when, the version that matched with its highlights, and the others to unfold.
 * @param {Hit} hit
 * @param {string} timeZone
 * @param {(opener: HTMLElement) => void} onOpen
 */
export const hitView = (hit, timeZone, onOpen) => {
  const { item, versions } = hit;
  const shown = item.versions.find(({ number }) => number === versions[0]) ?? item.versions.at(-1);
  const sent = sentOf(item, shown);
  const opener = button(
    { class: 'opener', 'aria-label': `${labelOf(hit, shown)}. ${say('openConversation')}` },
    labelOf(hit, shown),
    () => onOpen(opener),
  );
  const view = element(
    'li',
    { class: 'hit', 'data-item': item.id },
    element(
      'header',
      {},
      opener,
      sent === undefined ? undefined : timeView(sent, timeZone),
      ...marksOf(item, timeZone),
    ),
    shown === undefined ? element('p', {}, say('noText')) : versionText(hit, shown),
    ...extrasOf(item, shown, hit.highlights),
    element('p', { class: 'why' }, whyMatched(hit, shown)),
    moreHighlightsView(hit),
    item.versions.length > 1 ? allVersions(hit, timeZone) : undefined,
  );
  view.addEventListener('click', ({ target }) => {
    const isOnItsOwn = target instanceof Element && target.closest('button, summary, a, .versions') !== null;
    const isSelecting = getSelection()?.isCollapsed === false;
    if (!isOnItsOwn && !isSelecting) onOpen(opener);
  });
  return view;
};

/**
 * @param {Hit} hit
 * @param {Version | undefined} version
 */
const labelOf = ({ item }, version) => {
  const where = item.conversation.name ?? item.conversation.id;
  return version === undefined ? where : `${nameOf(version.author)} · ${where}`;
};

/**
 * @param {Hit} hit
 * @param {Version} version
 */
const versionText = ({ item, highlights }, version) => {
  const spansIn = (/** @type {'subject' | 'body'} */ part) =>
    highlights.filter((highlight) => highlight.version === version.number && highlight.part === part);
  const { text, spans } = excerptOf(version.body ?? '', spansIn('body'));
  return element(
    'div',
    { class: 'said' },
    version.subject === undefined
      ? undefined
      : element('p', { class: 'subject' }, ...highlighted(version.subject, spansIn('subject'))),
    version.body === undefined
      ? element('p', { class: 'system' }, item.event === 'message' ? say('noText') : systemText(item))
      : element('p', { class: item.action ? 'body action' : 'body' }, ...highlighted(text, spans)),
  );
};

/**
 * @param {Hit} hit
 * @param {Version | undefined} shown
 */
const whyMatched = ({ item, versions, highlights }, shown) => {
  const parts = new Set(highlights.map(({ part }) => say(/** @type {StringName} */ (`part.${part}`))));
  const why =
    parts.size === 0 ? say('matchedByProperties') : say('matchedIn', { parts: [...parts].join(', ') });
  return item.versions.length > 1 && shown !== undefined && versions.length > 0
    ? `${say('version', { n: shown.number, count: item.versions.length })} · ${why}`
    : why;
};

/**
 * @param {Hit} hit
 * @param {string} timeZone
 */
const allVersions = (hit, timeZone) =>
  element(
    'details',
    { class: 'versions' },
    element('summary', {}, say('allVersions', { count: hit.item.versions.length })),
    element(
      'ol',
      {},
      ...hit.item.versions.map((version) => {
        const sent = sentOf(hit.item, version) ?? version.loggedAt;
        const matches = hit.versions.includes(version.number);
        return element(
          'li',
          {},
          element(
            'p',
            { class: 'why' },
            `${say('version', { n: version.number, count: hit.item.versions.length })} · `,
            timeView(sent, timeZone),
            ` · ${say(matches ? 'versionMatches' : 'versionNot')}`,
          ),
          versionText(hit, version),
        );
      }),
    ),
  );
