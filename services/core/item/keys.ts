import type { Item, Version } from '../../../schemas/archive/item.ts';
import { analyzeToTokens } from '../analysis/analyze-to-tokens.ts';
import { phraseTokens } from '../analysis/phrase-tokens.ts';
import { encodePrefix, encodeValue, nameBeginning, nameTexts } from './key-text.ts';
import { isRoom, partiesOf } from './participants.ts';
import { type Bearer, type KeyTerms, personKeys } from './person-keys.ts';
import { remembered } from './remembered.ts';

/**
 * A key is one token: a letter for the part, one for what it holds, the encoded value. Each person is written once;
 * a property is looked up under every letter that has its people.
 */
const letter = {
  sender: 'f',
  recipient: 't',
  concerned: 'm',
  bystander: 'w',
  room: 'o',
  conversation: 'g',
} as const;

export const peopleLetters = {
  from: [letter.sender],
  to: [letter.recipient, letter.room],
  recipients: [letter.recipient, letter.room],
  /** Who may have got it: for `between:`, where a person mentioned in a room received it. */
  received: [letter.recipient, letter.concerned],
  participants: [letter.sender, letter.recipient, letter.concerned],
  present: [letter.sender, letter.recipient, letter.bystander],
} as const;
export type PeopleProperty = keyof typeof peopleLetters;

/** On a version whose roster may lack somebody: who was present, and outside rooms who received it, is not known. */
const rosterIncomplete = 'hr';
const recipientsUnknown = 'ht';

/** The key that makes a people condition unknown instead of false. */
export const unknownKeyOf = (property: PeopleProperty): string | undefined => {
  if (property === 'from') return undefined;
  return property === 'present' ? rosterIncomplete : recipientsUnknown;
};

const fixed = {
  kind: 'ki',
  event: 'ev',
  session: 'si',
  direction: 'di',
  edited: 'ed',
  deleted: 'de',
  version: 've',
} as const;
export type FixedProperty = keyof typeof fixed;

const rememberedFixed = remembered<string>();

export const fixedKey = (property: FixedProperty, value: string): string => {
  const letters = fixed[property];
  return rememberedFixed(letters + value, () => letters + encodeValue(value));
};

/** Whether later facts give or take this key on versions that are there already: at an older vector it says nothing. */
export const isChangingKey = (key: string): boolean =>
  [fixed.edited, fixed.deleted, fixed.version].some((letters) => key.startsWith(letters));

/** Sessions whose id begins so; undefined if too long to be answered exactly. */
export const sessionTerms = (value: string, prefix: boolean): KeyTerms | undefined => {
  if (!prefix) return { equal: [fixedKey('session', value)], prefixes: [] };
  const encoded = encodePrefix(value);
  return encoded === undefined ? undefined : { equal: [], prefixes: [fixed.session + encoded] };
};

/** Conversations (or rooms alone) by exact id or by a phrase of their name. */
export const conversationTerms = (
  value: string,
  { prefix, roomsOnly }: { prefix: boolean; roomsOnly: boolean },
): KeyTerms | undefined => {
  const letters = roomsOnly ? [letter.room] : [letter.conversation, letter.room];
  const name = phraseTokens(value, { prefix });
  const beginning = name.tokens.length === 0 ? '' : nameBeginning(name.tokens, prefix || name.prefix);
  const id = prefix ? encodePrefix(value) : encodeValue(value);
  if (beginning === undefined || id === undefined) return undefined;
  const ids = letters.map((one) => `${one}i${id}`);
  const names = beginning === '' ? [] : letters.map((one) => `${one}n${beginning}`);
  return prefix ? { equal: [], prefixes: [...ids, ...names] } : { equal: ids, prefixes: names };
};

/** The keys of the persons of a property; `terms` as `personTerms` gives them. */
export const peopleTerms = (property: PeopleProperty, terms: KeyTerms): KeyTerms => {
  const under = (keys: readonly string[]) =>
    peopleLetters[property].flatMap((one) => keys.map((key) => one + key));
  return { equal: under(terms.equal), prefixes: under(terms.prefixes) };
};

const rememberedConversations = remembered<readonly string[]>();

const conversationKeys = (item: Item): readonly string[] => {
  const first = isRoom(item) ? letter.room : letter.conversation;
  const { id, name = '' } = item.conversation;
  return rememberedConversations(`${first}${id}\n${name}`, () => {
    const names = nameTexts(analyzeToTokens(name).tokens);
    return [`${first}i${encodeValue(id)}`, ...names.map((text) => `${first}n${text}`)];
  });
};

const peopleKeys = (item: Item, version: Version): string[] => {
  const { sender, recipients, concerned, bystanders } = partiesOf(item, version);
  const keys = [...personKeys(sender, letter.sender)];
  for (const person of recipients) keys.push(...personKeys(person, letter.recipient));
  for (const person of concerned) keys.push(...personKeys(person, letter.concerned));
  for (const person of bystanders) keys.push(...personKeys(person, letter.bystander));
  if (!version.roster.complete) {
    keys.push(rosterIncomplete);
    if (!isRoom(item)) keys.push(recipientsUnknown);
  }
  return keys;
};

/** The keys of every person (or room) of a property, one list each, without the letter of the part. */
export const peopleOf = (
  item: Item,
  version: Version,
  property: 'participants' | 'recipients' | 'to' | 'present',
): readonly (readonly string[])[] => {
  const { sender, recipients, concerned, bystanders } = partiesOf(item, version);
  const keysOfAll = (people: readonly Bearer[]) => people.map((person) => personKeys(person));
  switch (property) {
    case 'participants':
      return keysOfAll([sender, ...recipients, ...concerned]);
    case 'present':
      return keysOfAll([sender, ...recipients, ...bystanders]);
    default:
      return isRoom(item) ? [conversationKeys(item).map((key) => key.slice(1))] : keysOfAll(recipients);
  }
};

/** An edit is every version after the original, also where the original has not arrived. */
export const isEdit = (version: Version): boolean => version.number > 1;

/** Every key of one version, each once: what exact conditions are answered by. */
export const keysOf = (item: Item, version: Version): string[] => {
  const keys = [
    ...peopleKeys(item, version),
    ...conversationKeys(item),
    fixedKey('kind', item.kind),
    fixedKey('event', item.event),
    fixedKey('session', item.session),
    fixedKey('direction', item.direction),
    fixedKey('edited', String(item.versions.some(isEdit))),
    fixedKey('deleted', String(item.deletion !== undefined)),
  ];
  if (!isEdit(version)) keys.push(fixedKey('version', 'original'));
  if (item.deletion === undefined && version === item.versions.at(-1))
    keys.push(fixedKey('version', 'latest'));
  return [...new Set(keys)];
};
