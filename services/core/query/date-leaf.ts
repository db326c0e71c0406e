import type { DateLeaf } from './ast.ts';
import { earliestMs, latestMs } from './calendar.ts';
import { type DateValue, dateForms, readDate } from './date-value.ts';
import { endOf, faultAt, type Span, spanBetween, warningAt, withReplaced } from './fault.ts';
import type { Comparison, WordLexeme } from './lexeme.ts';
import type { Building, Leaf } from './syntax.ts';

type Range = { readonly fromMs?: number; readonly toMs?: number };

const rangeOf = (comparison: Comparison, { fromMs, toMs }: { fromMs: number; toMs: number }): Range => {
  switch (comparison) {
    case '>=':
      return { fromMs };
    case '>':
      return { fromMs: toMs };
    case '<':
      return { toMs: fromMs };
    case '<=':
      return { toMs };
    default:
      return { fromMs, toMs };
  }
};

const bounded = (ms: number): number => Math.min(latestMs, Math.max(earliestMs, ms));
const iso = (ms: number): string => new Date(ms).toISOString();

/** Limits as instants: read again, they are the same range. The last instant is written as part of the range. */
const writeRange = (property: string, { fromMs, toMs }: Range): string => {
  if (fromMs !== undefined && toMs !== undefined)
    return `${property}:${iso(Math.min(fromMs, latestMs - 1))}..${iso(Math.max(toMs - 1, earliestMs))}`;
  if (fromMs !== undefined)
    return fromMs === latestMs ? `${property}>${iso(latestMs - 1)}` : `${property}>=${iso(fromMs)}`;
  const end = toMs ?? latestMs;
  return end === earliestMs ? `${property}<${iso(earliestMs)}` : `${property}<=${iso(end - 1)}`;
};

const refuse = (building: Building, span: Span, reason: string, fixes: readonly string[] = []): undefined => {
  building.faults.push(
    faultAt(span, 'invalidDate', reason, { expected: `a date: ${dateForms}; or from..to`, fixes }),
  );
  return undefined;
};

const read = (
  building: Building,
  word: WordLexeme,
  written: string,
): (DateValue & { ok: true }) | undefined => {
  const { now, timeZone } = building.options;
  const value = readDate(written, now, timeZone);
  if (!value.ok)
    return refuse(building, word, value.reason, [
      ...fixesOf(building, word, written),
      ...intervalFix(building, word),
    ]);
  if (value.happensTwice)
    building.warnings.push(
      warningAt(
        word,
        'ambiguousTime',
        `Clocks in ${timeZone} showed this time twice; it stands for all from ${iso(value.fromMs)} to ${iso(value.toMs - 1)}.`,
      ),
    );
  return value;
};

const secondWord = /^\s+(?:week|month|year)(?![^\s()])/i;

/** `sent:this week`: two words need quotes. */
const intervalFix = ({ text }: Building, word: WordLexeme): string[] => {
  if (word.quoted || !/^(?:this|last)$/i.test(word.text)) return [];
  const [second] = secondWord.exec(text.slice(endOf(word))) ?? [];
  if (second === undefined) return [];
  const span = spanBetween(word.offset, endOf(word) + second.length);
  return [withReplaced(text, span, `"${word.text} ${second.trim()}"`)];
};

/** A month or year alone has an obvious meaning that only has to be written out. */
const fixesOf = ({ text }: Building, word: WordLexeme, written: string): string[] => {
  const match = /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/.exec(written.trim());
  if (match === null || match[1] === '0000') return [];
  const [, year, month] = match;
  const last = month === undefined ? 31 : new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return [withReplaced(text, word, `${year}-${month ?? '01'}-01..${year}-${month ?? '12'}-${last}`)];
};

const readRange = (building: Building, word: WordLexeme, comparison: Comparison): Range | undefined => {
  const [start = '', end, ...rest] = word.text.split('..');
  if (end === undefined) {
    const value = read(building, word, start);
    return value === undefined ? undefined : rangeOf(comparison, value);
  }
  if (rest.length > 0 || (comparison !== ':' && comparison !== '='))
    return refuse(building, word, 'A range follows a colon and has two dates.');
  if (start.trim() === '' || end.trim() === '')
    return refuse(building, word, 'A range has two dates; for one limit use >= or <=.');
  const from = read(building, word, start);
  const to = from === undefined ? undefined : read(building, word, end);
  if (from === undefined || to === undefined) return undefined;
  if (from.fromMs < to.toMs) return { fromMs: from.fromMs, toMs: to.toMs };
  building.faults.push(
    faultAt(word, 'invalidRange', 'This range ends before it begins.', {
      expected: 'the earlier date first',
      fixes: [withReplaced(building.text, word, word.quoted ? `"${end}..${start}"` : `${end}..${start}`)],
    }),
  );
  return undefined;
};

/** The condition `sent>=…`, `edited:a..b` and the like; undefined, with a fault, if it is none. */
export const dateLeaf = (
  building: Building,
  word: WordLexeme,
  { property, name, comparison }: { property: DateLeaf['property']; name: string; comparison: Comparison },
): Leaf | undefined => {
  if (word.star) return refuse(building, word, 'A date has no star.');
  if (comparison === '<>') return refuse(building, word, `Write NOT ${name}:… for every other date.`);
  const range = readRange(building, word, comparison);
  if (range === undefined) return undefined;
  const limits: Range = {
    ...(range.fromMs === undefined ? {} : { fromMs: bounded(range.fromMs) }),
    ...(range.toMs === undefined ? {} : { toMs: bounded(range.toMs) }),
  };
  if (limits.fromMs !== undefined && limits.toMs !== undefined && limits.fromMs >= limits.toMs)
    return refuse(building, word, 'Dates are of the years 0001 to 9999.');
  const written = name === 'date' ? 'sent' : name;
  return {
    type: 'leaf',
    query: { type: 'date', property, ...limits },
    echo: writeRange(written, limits),
    terms: 1,
  };
};
