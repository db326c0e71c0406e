import { fixedKey } from '../item/keys.ts';
import { isTimeZone } from './calendar.ts';
import { dateAsTextWarnings } from './dates-as-text.ts';
import { faultAt, spanBetween } from './fault.ts';
import { lexQuery } from './lex-query.ts';
import { lowerCaseWarnings } from './lower-case-operators.ts';
import { parseSyntax } from './parse-syntax.ts';
import type { ParsedQuery, ParseOptions, ParseResult, QueryFault, QueryWarning } from './parsed-query.ts';
import { queryLimits } from './query-limits.ts';
import { withReadableFixes } from './readable-fixes.ts';
import {
  type Building,
  combine,
  countTerms,
  echoOf,
  type Leaf,
  leavesOf,
  levelsOf,
  lower,
  namesEvent,
  type Syntax,
} from './syntax.ts';

const messagesOnly: Leaf = {
  type: 'leaf',
  query: { type: 'keys', equal: [fixedKey('event', 'message')], prefixes: [] },
  echo: 'event:message',
  terms: 1,
};

/** Each condition as a query of its own, over messages alone where the whole query is. */
const termsOf = (syntax: Syntax, messagesAlone: boolean): ParsedQuery['terms'] =>
  [...leavesOf(syntax)].map(([echo, leaf]) => ({
    echo,
    query: lower(messagesAlone ? combine('and', [leaf, messagesOnly]) : leaf),
  }));

const refused = (...faults: readonly QueryFault[]): ParseResult => ({
  ok: false,
  faults: faults.toSorted((a, b) => a.offset - b.offset).slice(0, queryLimits.faults),
});

const maxOtherReadings = 10;

/** Other readings repeat the query: only so many, and so much, are told; the first in the text. */
const inOrder = (warnings: readonly QueryWarning[]): QueryWarning[] => {
  let readings = 0;
  let left: number = queryLimits.repeated;
  return warnings
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ otherReading, ...warning }) => {
      if (otherReading === undefined) return warning;
      readings += 1;
      left -= otherReading.length;
      return readings > maxOtherReadings || left < 0 ? warning : { ...warning, otherReading };
    });
};

const tooLong = (text: string): QueryFault =>
  faultAt(
    spanBetween(0, text.length),
    'queryTooLong',
    `The query is longer than ${queryLimits.bytes} bytes of UTF-8.`,
  );

/** No text of this many bytes is the echo of a query within the limits. */
const maxEchoBytes = queryLimits.bytes + queryLimits.terms * queryLimits.echoBytesPerTerm;

/** Faults that make looking into the text useless. */
const refuseWhole = (text: string, { timeZone }: ParseOptions): QueryFault | undefined => {
  if (Buffer.byteLength(text) > maxEchoBytes) return tooLong(text);
  if (!isTimeZone(timeZone))
    return faultAt(spanBetween(0, 0), 'unknownTimeZone', 'The time zone of the query is not known.', {
      expected: 'an IANA name such as Asia/Seoul',
    });
  return undefined;
};

const readSyntax = (text: string, options: ParseOptions): ParseResult => {
  const unusable = refuseWhole(text, options);
  if (unusable !== undefined) return refused(unusable);
  const { lexemes, faults, warnings } = lexQuery(text);
  if (faults.length > 0) return refused(...faults);
  if (lexemes.length === 0)
    return refused(
      faultAt(spanBetween(0, text.length), 'emptyQuery', 'There is nothing to search for.', {
        expected: 'a word, a "phrase", or a condition such as from:ann or sent:today',
      }),
    );
  const building: Building = { text, options, faults: [], warnings: [...warnings] };
  const syntax = parseSyntax(building, lexemes);
  if (syntax === undefined) return refused(...building.faults);
  const whole = namesEvent(syntax) ? syntax : combine('and', [syntax, messagesOnly]);
  if (levelsOf(whole) > queryLimits.levels + 1)
    return refused(
      faultAt(spanBetween(0, text.length), 'tooDeep', `More than ${queryLimits.levels} levels.`),
    );
  building.warnings.push(...lowerCaseWarnings(text, lexemes), ...dateAsTextWarnings(text, lexemes));
  const echo = echoOf(whole);
  if (isTooLong(text, echo, countTerms(whole))) return refused(tooLong(text));
  return {
    ok: true,
    parsed: {
      text,
      query: lower(whole),
      echo,
      terms: termsOf(syntax, whole !== syntax),
      warnings: inOrder(building.warnings),
      timeZone: options.timeZone,
    },
  };
};

/** The limit is of what people write; an echo, which is its own echo, may be longer by what the echo adds. */
const isTooLong = (text: string, echo: string, terms: number): boolean => {
  const bytes = Buffer.byteLength(text);
  if (bytes <= queryLimits.bytes) return false;
  return text !== echo || bytes > queryLimits.bytes + terms * queryLimits.echoBytesPerTerm;
};

/** As `parseQuery`, with corrections nobody has looked at. */
const readQuery = (text: string, options: ParseOptions): ParseResult => {
  const result = readSyntax(text, options);
  if (result.ok || Buffer.byteLength(text) <= queryLimits.bytes) return result;
  return refused(tooLong(text));
};

/**
 * Reads a query. Pure: equal inputs give equal results. An empty query is refused, because it could mean all or
 * none; a query that names no `event:` finds messages only, which its echo shows. The echo read again is the same query.
 */
export const parseQuery = (text: string, options: ParseOptions): ParseResult => {
  const result = readQuery(text, options);
  if (result.ok) return result;
  return { ok: false, faults: withReadableFixes(text, result.faults, (fix) => readQuery(fix, options)) };
};
