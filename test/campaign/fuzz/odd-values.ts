import type { Dice } from '../../support/dice.ts';
import type { Json } from './json-text.ts';

const text = (value: string): string => JSON.stringify(value);

const instants = [
  '0000-01-01T00:00:00.000Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2024-02-30T00:00:00.000Z',
  '2016-12-31T23:59:60.000Z',
  '+275760-09-13T00:00:00.001Z',
  '2024-01-01T00:00:00.000+09:00',
  '2024-01-01',
];

/** Strings that have broken other programs, as they are. */
export const oddStrings: readonly string[] = [
  ...['', ' ', '\0', '\n', '\u2028', '\ufeff', '\u200b', 'a\u200bb', '\u202e\u0645\u0631\u062d\u0628\u0627'],
  ...['\ud800', 'x\udfff', '𠮷', '👨‍👩‍👧‍👦', 'ﬀ', 'İ', 'ß', 'e\u0301'.repeat(200), '\u0300'.repeat(3000)],
  ...['__proto__', 'constructor', 'toString', '../../etc/passwd', "' OR 1=1 --", '%00', '*', '"'],
  ...['x'.repeat(257), 'a '.repeat(5000), '內'.repeat(9000), 'y'.repeat(70_000), '-1', '1e400', 'true'],
  ...['1'.repeat(400), '1-'.repeat(2000), '$'.repeat(3000), '👍'.repeat(2000), "'".repeat(3000)],
  ...instants,
];

const rawValues = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '1e400', '-1e400', '1e21', '9007199254740993'],
  ...['2147483648', '1e-400', '"\\ud83d"', '"\\udc00\\ud800"', '[]', '{}', '[[]]', '{"":""}', '[null]'],
  ...['{"__proto__":{"x":1}}', '{"toString":1}', '{"length":-1}', '"\\u0000"', '1E9999999999', 'NaN', '01'],
];

export const oddJson = (dice: Dice): Json => {
  if (dice.oneIn(60)) return { raw: `${'['.repeat(20_000)}${']'.repeat(20_000)}` };
  if (dice.oneIn(20)) return { raw: `${'{"a":'.repeat(40)}1${'}'.repeat(40)}` };
  if (dice.oneIn(20)) return { items: Array.from({ length: 300 }, () => ({ raw: dice.pick(rawValues) })) };
  return { raw: dice.oneIn(2) ? dice.pick(rawValues) : text(dice.pick(oddStrings)) };
};

export const oddName = (dice: Dice): string =>
  dice.pick(['__proto__', 'constructor', 'hasOwnProperty', 'type', 'id', 'data', 'body', '', '\0', 'then']);
