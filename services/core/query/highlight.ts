import { type Highlight, maxHighlights } from '../../../schemas/api/search.ts';
import type { Item, Version } from '../../../schemas/archive/item.ts';
import type { NearLeaf, Query, TextField, TextLeaf } from './ast.ts';
import { rangesIn } from './find-ranges.ts';
import { type Candidate, candidateOf, matchVersion } from './match-item.ts';

/** The marks of a hit in reading order, and whether more places match than are marked. */
export interface Highlighted {
  readonly highlights: Highlight[];
  readonly moreHighlights: boolean;
}

type MarkedLeaf = TextLeaf | NearLeaf;

/**
 * The conditions that made the query have this truth: none under one NOT, none in an OR branch that is not true itself.
 * Under two NOTs a condition is asked for positively again. One that is not met stands nowhere: it may be among them.
 */
const markedLeaves = (query: Query, truth: 'true' | 'false', candidate: Candidate): readonly MarkedLeaf[] => {
  switch (query.type) {
    case 'and':
    case 'or': {
      // All are true in an AND that is, all are false in an OR that is.
      const allAre = (query.type === 'and') === (truth === 'true');
      return query.operands
        .filter((operand) => allAre || isLeaf(operand) || matchVersion(operand, candidate) === truth)
        .flatMap((operand) => markedLeaves(operand, truth, candidate));
    }
    case 'not':
      return markedLeaves(query.operand, truth === 'true' ? 'false' : 'true', candidate);
    case 'text':
    case 'near':
      return truth === 'true' ? [query] : [];
    default:
      return [];
  }
};

const isLeaf = ({ type }: Query): boolean => type !== 'and' && type !== 'or' && type !== 'not';

const isOfField = (part: Highlight['part'], field: TextField): boolean =>
  field === 'any' || part === (field === 'names' ? 'name' : field);

const partsOf = ({ subject, body, attachments }: Version) => [
  { part: 'subject', text: subject ?? '' } as const,
  { part: 'body', text: body ?? '' } as const,
  ...(attachments ?? []).map(({ name }, index) => ({ part: 'name', index, text: name }) as const),
];

const marksOf = function* (version: Version, leaves: readonly MarkedLeaf[]): Generator<Highlight> {
  for (const { text, ...place } of partsOf(version)) {
    const asked = leaves.filter(({ field }) => isOfField(place.part, field));
    if (asked.length === 0 || text === '') continue;
    for (const { start, end } of rangesIn(text, asked))
      yield { version: version.number, ...place, offset: start, length: end - start };
  }
};

/**
 * The places in the stored text that made the named versions match, by version, part and offset: of each version the
 * first of its equal share of `maxHighlights`. No text is read further than to the first mark that is left out.
 */
export const highlight = (query: Query, item: Item, versions: readonly number[]): Highlighted => {
  const matching = item.versions.filter(({ number }) => versions.includes(number));
  const share = Math.max(1, Math.floor(maxHighlights / matching.length));
  const highlights: Highlight[] = [];
  let moreHighlights = false;
  for (const version of matching) {
    const most = Math.min(maxHighlights, highlights.length + share);
    for (const mark of marksOf(version, markedLeaves(query, 'true', candidateOf(item, version)))) {
      moreHighlights ||= highlights.length === most;
      if (highlights.length === most) break;
      highlights.push(mark);
    }
  }
  return { highlights, moreHighlights };
};
