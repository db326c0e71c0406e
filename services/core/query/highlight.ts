import type { Item, Version } from '../../../schemas/archive/item.ts';
import { analyze } from '../analysis/analyze.ts';
import type { Analysis } from '../analysis/token.ts';
import type { NearLeaf, Phrase, Query, TextField, TextLeaf } from './ast.ts';
import { nearPlaces, type Place, placesOf } from './find-phrase.ts';
import { type Candidate, candidateOf, matchVersion } from './match-item.ts';

/** A range of a stored part that made a version match; UTF-16. */
export interface Highlight {
  readonly version: number;
  readonly part: 'subject' | 'body' | 'name';
  /** Which attachment name. */
  readonly index?: number;
  readonly offset: number;
  readonly length: number;
}

interface Part {
  readonly part: Highlight['part'];
  readonly index?: number;
  readonly analysis: Analysis;
  readonly tokens: readonly string[];
  readonly ranges: { start: number; end: number }[];
}

const partOf = (part: Highlight['part'], text: string, index?: number): Part => {
  const analysis = analyze(text);
  const tokens = analysis.tokens.map((token) => token.text);
  return { part, analysis, tokens, ranges: [], ...(index === undefined ? {} : { index }) };
};

const partsOf = ({ subject, body, attachments }: Version): Part[] => [
  ...(subject === undefined ? [] : [partOf('subject', subject)]),
  ...(body === undefined ? [] : [partOf('body', body)]),
  ...(attachments ?? []).map(({ name }, index) => partOf('name', name, index)),
];

const isOfField = ({ part }: Part, field: TextField): boolean =>
  field === 'any' || part === (field === 'names' ? 'name' : field);

/** Marks the words of a place; of a bigram found by its first character, that character alone. */
const mark = ({ analysis, ranges }: Part, { from, to }: Place, { prefix, tokens }: Phrase): void => {
  const last = analysis.tokens[to - 1]!;
  const isHead = prefix && last.kind === 'bigram' && tokens.at(-1) !== last.text;
  ranges.push({ start: analysis.tokens[from]!.start, end: isHead ? last.headEnd : last.end });
};

const markText = ({ phrase }: TextLeaf, part: Part): void => {
  for (const place of placesOf(part.tokens, phrase)) mark(part, place, phrase);
  if (!phrase.joined) return;
  const wanted = phrase.tokens[0]!;
  for (const { text, start, end } of part.analysis.joined)
    if (phrase.prefix ? text.startsWith(wanted) : text === wanted) part.ranges.push({ start, end });
};

const markNear = (near: NearLeaf, part: Part): void => {
  for (const [place, phrase] of nearPlaces(part.tokens, near)) mark(part, place, phrase);
};

/**
 * Marks what made the query have this truth: nothing under one NOT, nothing in an OR branch that is not true itself.
 * Under two NOTs a condition is asked for positively again.
 */
const markMatches = (
  query: Query,
  truth: 'true' | 'false',
  candidate: Candidate,
  parts: readonly Part[],
): void => {
  if (matchVersion(query, candidate) !== truth) return;
  switch (query.type) {
    case 'and':
    case 'or':
      for (const operand of query.operands) markMatches(operand, truth, candidate, parts);
      return;
    case 'not':
      markMatches(query.operand, truth === 'true' ? 'false' : 'true', candidate, parts);
      return;
    case 'text':
    case 'near':
      if (truth === 'true') markLeaf(query, parts);
      return;
    default:
  }
};

const markLeaf = (leaf: TextLeaf | NearLeaf, parts: readonly Part[]): void => {
  for (const part of parts)
    if (isOfField(part, leaf.field)) {
      if (leaf.type === 'text') markText(leaf, part);
      else markNear(leaf, part);
    }
};

/** Ranges in order, those that overlap as one. */
const merge = (ranges: Part['ranges']): Part['ranges'] => {
  const merged: Part['ranges'] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start < last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
};

/** The places in the stored text that made the named versions match, by version, part and offset. */
export const highlight = (query: Query, item: Item, versions: readonly number[]): Highlight[] =>
  item.versions
    .filter(({ number }) => versions.includes(number))
    .flatMap((version) => {
      const parts = partsOf(version);
      markMatches(query, 'true', candidateOf(item, version), parts);
      return parts.flatMap(({ part, index, ranges }) =>
        merge(ranges).map(({ start, end }) => ({
          version: version.number,
          part,
          ...(index === undefined ? {} : { index }),
          offset: start,
          length: end - start,
        })),
      );
    });
