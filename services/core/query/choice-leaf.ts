import { ItemEvent, ItemKind } from '../../../schemas/archive/item.ts';
import { fixedKey } from '../item/keys.ts';
import type { Query } from './ast.ts';
import { warningAt } from './fault.ts';
import type { WordLexeme } from './lexeme.ts';
import { type Choice, choices, nearestOf, type Repeats } from './property-table.ts';
import { type Building, combine, type Leaf, type Syntax } from './syntax.ts';
import { keysLeaf, refuseValue } from './value-leaf.ts';

const oneOf = (choice: Choice, values: readonly string[]): Query =>
  keysLeaf({ equal: values.map((value) => fixedKey(choice, value)), prefixes: [] });

/** Names of other products, and the kinds they stand for: the echo shows those. */
const kindAliases: Readonly<Record<string, readonly string[]>> = {
  email: ['mail'],
  microsoftteams: ['chat', 'call'],
};

/** The values a written one stands for, with a note if it is a name of another product. */
const valuesOf = (building: Building, word: WordLexeme, choice: Choice, value: string): readonly string[] => {
  const kinds = choice === 'kind' && Object.hasOwn(kindAliases, value) ? kindAliases[value] : undefined;
  if (kinds === undefined) return [value];
  const written = kinds.map((kind) => `kind:${kind}`).join(' OR ');
  building.warnings.push(warningAt(word, 'kindAlias', `kind:${value} was read as ${written}.`));
  return kinds;
};

const chat = ['im', 'room', 'meeting'];

const systemEvents = ItemEvent.options.filter((event) => event !== 'message');

/** Calls have no event of their own: they are what happens in a conversation of kind call. */
const eventQuery = (value: string): Query =>
  value === 'call'
    ? {
        type: 'and',
        operands: [oneOf('event', systemEvents), oneOf('kind', [ItemKind.enum.call])],
      }
    : oneOf('event', [value]);

const queryOf = (choice: Choice, value: string): Query => {
  if (choice === 'kind' && value === 'chat') return oneOf('kind', chat);
  return choice === 'event' ? eventQuery(value) : oneOf(choice, [value]);
};

/** A property with a fixed list of values. */
export const choiceLeaf = (
  building: Building,
  word: WordLexeme,
  { name, choice, repeats }: { name: string; choice: Choice; repeats: Repeats },
): Syntax | undefined => {
  const value = word.text.trim().toLowerCase();
  const known = choices[choice];
  if (word.star || !known.includes(value))
    return refuseValue(building, word, { nearest: nearestOf(value, known), expected: known.join(' ') });
  const leaves = valuesOf(building, word, choice, value).map(
    (one): Leaf => ({
      type: 'leaf',
      query: queryOf(choice, one),
      echo: `${name}:${one}`,
      terms: 1,
      ...(repeats === 'and' ? {} : { repeats: { property: name, rule: repeats } }),
      ...(choice === 'event' ? { isEvent: true as const } : {}),
    }),
  );
  return combine('or', leaves);
};
