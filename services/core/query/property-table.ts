import { ItemEvent, ItemKind } from '../../../schemas/archive/item.ts';
import type { PeopleProperty } from '../item/keys.ts';
import type { TextField } from './ast.ts';

/** What values a property takes. `single`: an item has one value, so equality side by side means OR. */
export type Property =
  | { readonly type: 'text'; readonly field: TextField; readonly repeats: Repeats }
  | { readonly type: 'people'; readonly people: PeopleProperty; readonly repeats: Repeats }
  | { readonly type: 'list'; readonly list: 'between' | 'only'; readonly repeats: 'and' }
  | { readonly type: 'conversation'; readonly roomsOnly: boolean; readonly repeats: 'or' }
  | { readonly type: 'session'; readonly repeats: 'and' }
  | { readonly type: 'choice'; readonly choice: Choice; readonly repeats: Repeats }
  | { readonly type: 'date'; readonly date: 'sent' | 'edited' | 'deleted'; readonly repeats: 'and' };

/** What two positive values side by side mean: both, either of them, or an error because it cannot be told. */
export type Repeats = 'and' | 'or' | 'refused';
export type Choice = 'kind' | 'event' | 'direction' | 'version';

/** Values of the properties that have a fixed list; events and kinds are those an item can have. */
export const choices: Record<Choice, readonly string[]> = {
  kind: [...ItemKind.options, 'chat', 'email', 'microsoftteams'],
  event: [...ItemEvent.options, 'call'],
  direction: ['internal', 'external'],
  version: ['latest', 'original'],
};

const people = (property: PeopleProperty, repeats: Repeats): Property => ({
  type: 'people',
  people: property,
  repeats,
});

export const properties: Readonly<Record<string, Property>> = {
  from: people('from', 'or'),
  to: people('to', 'refused'),
  recipients: people('recipients', 'refused'),
  participants: people('participants', 'refused'),
  present: people('present', 'refused'),
  between: { type: 'list', list: 'between', repeats: 'and' },
  only: { type: 'list', list: 'only', repeats: 'and' },
  subject: { type: 'text', field: 'subject', repeats: 'and' },
  body: { type: 'text', field: 'body', repeats: 'and' },
  attachmentnames: { type: 'text', field: 'names', repeats: 'refused' },
  kind: { type: 'choice', choice: 'kind', repeats: 'or' },
  event: { type: 'choice', choice: 'event', repeats: 'or' },
  direction: { type: 'choice', choice: 'direction', repeats: 'or' },
  version: { type: 'choice', choice: 'version', repeats: 'and' },
  conversation: { type: 'conversation', roomsOnly: false, repeats: 'or' },
  room: { type: 'conversation', roomsOnly: true, repeats: 'or' },
  session: { type: 'session', repeats: 'and' },
  sent: { type: 'date', date: 'sent', repeats: 'and' },
  date: { type: 'date', date: 'sent', repeats: 'and' },
  edited: { type: 'date', date: 'edited', repeats: 'and' },
  deleted: { type: 'date', date: 'deleted', repeats: 'and' },
};

/** Properties of the language that this release does not answer: refused by name, never ignored. */
export const laterProperties: ReadonlySet<string> = new Set([
  'cc',
  'bcc',
  'delivered',
  'read',
  'couldsee',
  'custodian',
  'received',
  'archived',
  'size',
  'hasattachment',
  'filetype',
  'importance',
  'itemclass',
  'header',
  'case',
  'hold',
  'tag',
  'has',
  'missing',
  'lang',
  'reaction',
  'variants',
  'match',
  'grain',
]);

/** Steps of one character (insert, delete, change, swap) from one word to another. */
const editDistance = (from: string, to: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = swapped ? before[j - 2]! + 1 : change;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, change, swap));
    }
    before = row;
    row = next;
  }
  return row[to.length]!;
};

/** The known name nearest to what was written; the first in order of the list where several are. */
export const nearestOf = (written: string, known: readonly string[]): string => {
  const name = written.slice(0, 64).toLowerCase();
  let nearest = known[0] ?? '';
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
};

export const nearestProperty = (written: string): string => nearestOf(written, Object.keys(properties));

/** True if the nearest property is so near that it was surely meant. */
export const isPropertyNear = (written: string): boolean =>
  written.length < 64 &&
  editDistance(written.toLowerCase(), nearestProperty(written)) <= Math.ceil(written.length / 3);
