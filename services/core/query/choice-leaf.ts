import { ItemEvent, ItemKind } from '../../../schemas/archive/item.ts';
import { fixedKey } from '../item/keys.ts';
import type { Query } from './ast.ts';
import { warningAt } from './fault.ts';
import type { WordLexeme } from './lexeme.ts';
import { type Choice, choices, nearestOf, type Repeats } from './property-table.ts';
import type { Building, Leaf } from './syntax.ts';
import { keysLeaf, refuseValue } from './value-leaf.ts';

const oneOf = (choice: Choice, values: readonly string[]): Query =>
  keysLeaf({ equal: values.map((value) => fixedKey(choice, value)), prefixes: [] });

const chat = ['im', 'room', 'meeting'];
/** Names that stand for several kinds; those of other products come with a note. */
const kindGroups: Readonly<Record<string, { kinds: readonly string[]; foreign: boolean }>> = {
  chat: { kinds: chat, foreign: false },
  email: { kinds: ['mail'], foreign: true },
  microsoftteams: { kinds: [...chat, 'call'], foreign: true },
};

const kindQuery = (building: Building, word: WordLexeme, value: string): Query => {
  const group = kindGroups[value];
  if (group === undefined) return oneOf('kind', [value]);
  if (group.foreign)
    building.warnings.push(
      warningAt(
        word,
        'kindAlias',
        `kind:${value} was read as ${group.kinds.map((kind) => `kind:${kind}`).join(' OR ')}.`,
      ),
    );
  return oneOf('kind', group.kinds);
};

const systemEvents = ItemEvent.options.filter((event) => event !== 'message');

/** Calls have no event of their own: they are what happens in a conversation of kind call. */
const eventQuery = (value: string): Query =>
  value === 'call'
    ? {
        type: 'and',
        operands: [oneOf('event', systemEvents), oneOf('kind', [ItemKind.enum.call])],
      }
    : oneOf('event', [value]);

/** A property with a fixed list of values. */
export const choiceLeaf = (
  building: Building,
  word: WordLexeme,
  { name, choice, repeats }: { name: string; choice: Choice; repeats: Repeats },
): Leaf | undefined => {
  const value = word.text.trim().toLowerCase();
  const known = choices[choice];
  if (word.star || !known.includes(value))
    return refuseValue(building, word, { nearest: nearestOf(value, known), expected: known.join(' ') });
  const query =
    choice === 'kind'
      ? kindQuery(building, word, value)
      : choice === 'event'
        ? eventQuery(value)
        : oneOf(choice, [value]);
  return {
    type: 'leaf',
    query,
    echo: `${name}:${value}`,
    terms: 1,
    ...(repeats === 'and' ? {} : { repeats: { property: name, rule: repeats } }),
    ...(choice === 'event' ? { isEvent: true as const } : {}),
  };
};
