/** @import { Item } from '../../../schemas/archive/item.ts' */
/** @import { Hit } from '../../../schemas/api/search.ts' */
import { conversation } from './calls.js';
import { button, byId, element } from './elements.js';
import { say } from './language.js';
import { transcriptOf } from './transcript-view.js';

/**
 * @typedef {object} Opened
 * @property {Hit} hit
 * @property {string} timeZone
 * @property {() => string} purpose
 * @property {HTMLElement} opener Gets the focus back.
 * @property {(error: unknown) => void} onFailure
 */
/** @typedef {Opened & { items: Item[], hasBefore: boolean, hasAfter: boolean }} Shown */

const aroundLimit = 40;
const pageLimit = 40;

const panel = byId('conversation', HTMLElement);
const narrow = matchMedia('(max-width: 69.99rem)');
narrow.addEventListener('change', () => coverPage());
/** @type {Shown | undefined} */
let shown;

/**
 * Opens the conversation around a hit in the panel; the hit gets the focus.
 * @param {Opened} opened
 */
export const openConversation = async (opened) => {
  const { hit, purpose } = opened;
  try {
    const { id, conversation: where } = hit.item;
    const range = { around: id, limit: aroundLimit };
    const { items, hasBefore, hasAfter } = await conversation(where.id, range, purpose());
    shown = { ...opened, items, hasBefore, hasAfter };
  } catch (error) {
    opened.onFailure(error);
    return;
  }
  markOpener();
  panel.hidden = false;
  document.body.classList.add('with-conversation');
  coverPage();
  renderConversation();
  const marked = panel.querySelector('[aria-current]');
  if (!(marked instanceof HTMLElement)) return;
  marked.focus({ preventScroll: true });
  // Not scrollIntoView: that would move the page with the hits as well.
  const middle = marked.offsetTop + marked.offsetHeight / 2;
  transcript()?.scrollTo({ top: middle - (transcript()?.clientHeight ?? 0) / 2 });
};

/** Where the panel covers the page, what is below it must not get the focus. */
const coverPage = () => {
  for (const below of document.querySelectorAll('main, .top, footer'))
    below.toggleAttribute('inert', shown !== undefined && narrow.matches);
};

export const closeConversation = () => {
  if (shown === undefined) return;
  const { opener } = shown;
  shown = undefined;
  markOpener();
  panel.hidden = true;
  document.body.classList.remove('with-conversation');
  coverPage();
  panel.replaceChildren();
  opener.focus();
};

const markOpener = () => {
  for (const hit of document.querySelectorAll('.hit')) {
    if (hit.getAttribute('data-item') === shown?.hit.item.id) hit.setAttribute('aria-current', 'true');
    else hit.removeAttribute('aria-current');
  }
};

/** Draws what is open anew, after a change of language too. */
export const renderConversation = () => {
  if (shown === undefined) return;
  const { hit, items, hasBefore, hasAfter } = shown;
  const { conversation: where } = hit.item;
  const name = where.name ?? where.id;
  panel.replaceChildren(
    element(
      'header',
      {},
      element(
        'div',
        {},
        element('h2', { id: 'conversation-name' }, name),
        element('p', { class: 'hint' }, say('conversationHint')),
      ),
      button({ class: 'close', 'aria-label': say('close') }, '×', closeConversation),
    ),
    element(
      'div',
      { class: 'transcript', tabindex: '0', 'aria-label': say('conversation'), role: 'group' },
      edgeView(hasBefore, 'earlier', () => extend('earlier')),
      element('ol', {}, ...transcriptOf(shown, items)),
      edgeView(hasAfter, 'later', () => extend('later')),
    ),
  );
};

/**
 * @param {boolean} hasMore
 * @param {'earlier' | 'later'} side
 * @param {() => void} onMore
 */
const edgeView = (hasMore, side, onMore) =>
  hasMore
    ? button({ class: side }, say(side), onMore)
    : element('p', { class: 'hint edge' }, say(side === 'earlier' ? 'beginning' : 'end'));

/**
 * Adds a page on one side; what was in view stays in view.
 * @param {'earlier' | 'later'} side
 */
const extend = async (side) => {
  const before = shown;
  const first = before?.items[0];
  const last = before?.items.at(-1);
  if (before === undefined || first === undefined || last === undefined) return;
  const isEarlier = side === 'earlier';
  const range = isEarlier ? { before: first.firstOffset } : { from: last.firstOffset + 1 };
  try {
    const page = await conversation(
      before.hit.item.conversation.id,
      { ...range, limit: pageLimit },
      before.purpose(),
    );
    if (shown !== before) return;
    shown = isEarlier
      ? { ...before, items: [...page.items, ...before.items], hasBefore: page.hasBefore }
      : { ...before, items: [...before.items, ...page.items], hasAfter: page.hasAfter };
  } catch (error) {
    before.onFailure(error);
    return;
  }
  const fromBottom = heightOf() - topOf();
  const fromTop = topOf();
  renderConversation();
  transcript()?.scrollTo({ top: isEarlier ? heightOf() - fromBottom : fromTop });
  const next = panel.querySelector(`button.${side}`) ?? transcript();
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
};

const transcript = () => panel.querySelector('.transcript');
const heightOf = () => transcript()?.scrollHeight ?? 0;
const topOf = () => transcript()?.scrollTop ?? 0;
