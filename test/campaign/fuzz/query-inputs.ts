import type { Dice } from '../../support/dice.ts';
import { mutateText } from './mutate.ts';

const words = [
  'alpha',
  'beta',
  'a',
  '회의록',
  '회의',
  '內線',
  '交',
  'ｶﾀｶﾅ',
  '👍',
  '110-234',
  '$100',
  'C++',
  'cafe',
];
const prefixes = ['al*', '회*', '內*', '"alpha be*"', 'up*', '11*'];
const people = [
  'ann',
  'bob',
  'contoso.com',
  'id:P1',
  '="ann@contoso.com"',
  '!contoso.com',
  'ann*',
  '"Ann Lee"',
];
const distances = ['NEAR', 'NEAR(0)', 'NEAR(3)', 'ONEAR', 'ONEAR(100)'];
const dates = [
  ...['2024-02-28', '2024-03-01', 'today', '"last month"', '9999-12-31', '0001-01-01', '2024-02-28T10:00Z'],
  ...['2024-03-10T02:30:00+09:00', '"this week"', '2024-02-30', '0000-01-01', '2024-02-28T25:00', '..'],
];
const choices = ['kind:im', 'kind:chat', 'event:join', 'direction:external', 'version:latest', 'edited:true'];
const strange = [
  'saw:ann',
  'lang:ko',
  'has:attachment',
  'hold:H1',
  'p:x',
  'from: ann',
  'a w/5 b',
  'root!',
  'x~',
];
const signs = [
  '(',
  ')',
  '"',
  '“',
  '”',
  '「',
  '-',
  '–',
  '*',
  ':',
  '..',
  ',',
  '\\',
  ' AND ',
  ' OR ',
  ' NOT ',
  ' NEAR ',
];
const oddSigns = [
  'NEAR(',
  'ONEAR(101)',
  'NEAR(-1)',
  'NEAR(1e9)',
  '>=',
  '=',
  '<',
  '\u3000',
  '\u200b',
  '\ud800',
  '\0',
];

const leafOf = (dice: Dice): string => {
  const kind = dice.below(30);
  if (kind < 10) return dice.pick(words);
  if (kind < 13) return dice.pick(prefixes);
  if (kind < 16) return `"${dice.pick(words)} ${dice.pick(words)}"`;
  if (kind < 19)
    return `${dice.pick(['from', 'to', 'participants', 'present', 'recipients'])}:${dice.pick(people)}`;
  if (kind < 22)
    return `${dice.pick(['sent', 'date', 'edited', 'deleted'])}${dice.pick([':', '>=', '<', '=', '>'])}${dice.pick(dates)}`;
  if (kind < 24)
    return `${dice.pick(['between', 'only', 'from', 'body'])}:(${dice.pick(people)}${dice.pick([', ', ' OR ', ' '])}${dice.pick(people)})`;
  if (kind < 26) return dice.pick(choices);
  if (kind === 26) return dice.pick(strange);
  if (kind < 29)
    return `${dice.pick(['subject', 'body', 'attachmentnames', 'conversation', 'session'])}:${dice.pick([...words, ...prefixes])}`;
  return `(${dice.pick(words)} ${dice.pick(distances)} (${dice.pick(words)} OR ${dice.pick(prefixes)}))`;
};

const operators = [
  ' ',
  ' ',
  ' AND ',
  ' AND ',
  ' OR ',
  ' OR ',
  ' NOT ',
  ' and ',
  ' -',
  ' OR NOT ',
  ' NEAR ',
  ' ONEAR(3) ',
];

const queryOf = (dice: Dice, depth: number): string => {
  if (depth === 0 || dice.oneIn(3)) return leafOf(dice);
  const operands = Array.from({ length: 2 + dice.below(3) }, () => queryOf(dice, depth - 1));
  const joined = operands.reduce((left, right) => `${left}${dice.pick(operators)}${right}`);
  return dice.oneIn(3) ? joined : `(${joined})`;
};

/** Sizes at and beyond every limit of the language. */
const huge = (dice: Dice): string => {
  const leaf = leafOf(dice);
  const times = dice.pick([20, 30, 999, 1_000, 1_001, 5_000, 10_000]);
  switch (dice.below(7)) {
    case 0:
      return `${'('.repeat(times)}${leaf}${')'.repeat(dice.oneIn(2) ? times : times - 1)}`;
    case 1:
      return Array.from({ length: times }, () => leaf).join(dice.pick(operators));
    case 2:
      return Array.from({ length: times }, (_, at) => `w${at}`).join(
        dice.pick([' ', ' OR ', ' and ', ' NEAR ']),
      );
    case 3:
      return `(${Array.from({ length: 300 }, (_, at) => `w${at % 40}`).join(' OR ')}) NEAR(100) (${words.join(' OR ')} OR al*)`;
    case 4:
      return `${'NOT '.repeat(times)}${leaf}`;
    case 5:
      return `"${`${dice.pick(words)} `.repeat(times)}"`;
    default:
      return dice.pick([...signs, ...oddSigns]).repeat(times);
  }
};

/** A query built by the grammar, then often broken: signs doubled, cut off, or put where none belongs. */
export const queryInput = (dice: Dice): string => {
  const text = dice.oneIn(60) ? huge(dice) : queryOf(dice, 1 + dice.below(4));
  const mutated = dice.oneIn(3) ? mutateText(dice, text, [...signs, ...oddSigns]) : text;
  return dice.oneIn(40) ? mutateText(dice, mutated) : mutated;
};
