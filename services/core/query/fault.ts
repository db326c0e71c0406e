import type { QueryFault, QueryWarning } from './parsed-query.ts';

/** A range of the query text, UTF-16. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

export const spanBetween = (offset: number, end: number): Span => ({ offset, length: end - offset });
export const endOf = ({ offset, length }: Span): number => offset + length;
export const sliceOf = (text: string, { offset, length }: Span): string =>
  text.slice(offset, offset + length);

/** The query with one range written anew: how fixes and other readings are made. */
export const withReplaced = (text: string, span: Span, replacement: string): string =>
  text.slice(0, span.offset) + replacement + text.slice(endOf(span));

/** Every code a query may be refused with. */
export const faultCodes = [
  'emptyQuery',
  'nothingToSearch',
  'unterminatedQuote',
  'unmatchedParenthesis',
  'missingOperand',
  'unknownProperty',
  'notAvailable',
  'ambiguousProperty',
  'spaceAfterColon',
  'missingValue',
  'invalidValue',
  'invalidDate',
  'invalidRange',
  'notComparable',
  'nestedProperty',
  'repeatedProperty',
  'nearChain',
  'nearOperand',
  'nearDistance',
  'foreignSyntax',
  'wildcardPlace',
  'prefixTooShort',
  'valueTooLong',
  'queryTooLong',
  'tooManyTerms',
  'tooDeep',
  'unknownTimeZone',
] as const;
export type FaultCode = (typeof faultCodes)[number];

/** Every code an accepted query may be noted or warned with. */
export const warningCodes = [
  'mixedOperators',
  'lowerCaseOperator',
  'sameProperty',
  'dateAsText',
  'kindAlias',
  'ambiguousTime',
  'pastedQuotes',
  'pastedDash',
  'pastedSpace',
  'pastedSign',
] as const;
export type WarningCode = (typeof warningCodes)[number];

interface FaultDetails {
  readonly expected?: string;
  readonly fixes?: readonly string[];
}

export const faultAt = (
  span: Span,
  code: FaultCode,
  message: string,
  { expected, fixes = [] }: FaultDetails = {},
): QueryFault => ({
  code,
  message,
  offset: span.offset,
  length: span.length,
  ...(expected === undefined ? {} : { expected }),
  fixes: [...new Set(fixes)],
});

const classOfWarning: Record<WarningCode, QueryWarning['class']> = {
  mixedOperators: 'meaning',
  lowerCaseOperator: 'meaning',
  sameProperty: 'meaning',
  dateAsText: 'meaning',
  kindAlias: 'note',
  ambiguousTime: 'note',
  pastedQuotes: 'note',
  pastedDash: 'note',
  pastedSpace: 'note',
  pastedSign: 'note',
};

export const warningAt = (
  span: Span,
  code: WarningCode,
  message: string,
  otherReading?: string,
): QueryWarning => ({
  code,
  class: classOfWarning[code],
  message,
  offset: span.offset,
  length: span.length,
  ...(otherReading === undefined ? {} : { otherReading }),
});
