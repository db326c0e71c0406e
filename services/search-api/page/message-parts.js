/** @import { Item, Version } from '../../../schemas/archive/item.ts' */
/** @import { Highlight, Hit } from '../../../schemas/api/search.ts' */
/** @import { Participant } from '../../../schemas/events/participant.ts' */
/** @import { StringName } from './language.js' */
import { element } from './elements.js';
import { highlighted } from './highlight-text.js';
import { formatTime, say } from './language.js';

/** @param {Participant} person */
export const nameOf = (person) => person.name ?? person.address;

/**
 * The time an item is searched by: live, when the log took it; imported, what its source says.
 * @param {Item} item
 * @param {Version | undefined} version
 */
export const sentOf = (item, version) =>
  version === undefined ? undefined : item.importId === undefined ? version.loggedAt : version.sentAt;

/**
 * @param {string} instant
 * @param {string} timeZone
 * @param {Intl.DateTimeFormatOptions} [options]
 */
export const timeView = (instant, timeZone, options) =>
  element('time', { datetime: instant, title: instant }, formatTime(instant, timeZone, options));

/**
 * What happened to an item besides being said: edits, deletion, conflict.
 * @param {Item} item
 * @param {string} timeZone
 */
export const marksOf = (item, timeZone) => {
  const marks = [];
  if (item.versions.length > 1) marks.push(element('span', { class: 'badge edited' }, say('edited')));
  if (item.deletion !== undefined) {
    const { by, at } = item.deletion;
    const title = say('deletedBy', { who: nameOf(by), when: formatTime(at, timeZone) });
    marks.push(element('span', { class: 'badge deleted', title }, say('deleted')));
  }
  if (item.conflictsWith !== undefined)
    marks.push(element('span', { class: 'badge', title: item.conflictsWith }, say('conflict')));
  if (item.originalMissing) marks.push(element('span', { class: 'badge' }, say('originalMissing')));
  return marks;
};

/**
 * That the marks of a hit are not all there could be; nothing when they are.
 * @param {Pick<Hit, 'highlights' | 'moreHighlights'>} hit
 */
export const moreHighlightsView = ({ highlights, moreHighlights }) =>
  moreHighlights === true
    ? element('p', { class: 'why' }, say('moreHighlights', { n: highlights.length }))
    : undefined;

/**
 * A system item in words.
 * @param {Item} item
 */
export const systemText = (item) => {
  const who = item.versions[0] === undefined ? '' : nameOf(item.versions[0].author);
  const whom = item.subjectPerson === undefined ? '' : nameOf(item.subjectPerson);
  return say(/** @type {StringName} */ (`system.${item.event}`), {
    who,
    whom,
    what: item.detail ?? '',
  }).trim();
};

/**
 * Attachment names and reactions still in place, where there are any.
 * @param {Item} item
 * @param {Version | undefined} version
 * @param {readonly Highlight[]} [highlights]
 */
export const extrasOf = (item, version, highlights = []) => {
  const attachments = version?.attachments ?? [];
  const names = attachments.map(({ name }, index) => {
    const isHere = (/** @type {Highlight} */ { part, index: at, version: number }) =>
      part === 'name' && (at ?? 0) === index && number === version?.number;
    return element('li', {}, ...highlighted(name, highlights.filter(isHere)));
  });
  /** @type {Map<string, number>} */
  const reactions = new Map();
  for (const { reaction, removed } of item.reactions ?? [])
    reactions.set(reaction, Math.max(0, (reactions.get(reaction) ?? 0) + (removed ? -1 : 1)));
  return [
    names.length === 0
      ? undefined
      : element('ul', { class: 'attachments', 'aria-label': say('attachments') }, ...names),
    ...[...reactions]
      .filter(([, count]) => count > 0)
      .map(([reaction, count]) => element('span', { class: 'reaction' }, `${reaction} ${count}`)),
  ];
};
