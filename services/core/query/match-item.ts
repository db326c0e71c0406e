import type { Item, Version } from '../../../schemas/archive/item.ts';
import { isEdit, peopleOf } from '../item/keys.ts';
import type { KeyTerms } from '../item/person-keys.ts';
import { joinedToken, sentMs, type VersionView, viewOf } from '../item/version-view.ts';
import type { DateLeaf, KeysLeaf, NearLeaf, OnlyLeaf, Query, TextField, TextLeaf } from './ast.ts';
import { hasPhrase, nearPairs } from './find-phrase.ts';
import { every, not, some, type Truth } from './truth.ts';

/** What a query says of an item, and the versions that alone make it true, ascending. */
export interface ItemMatch {
  readonly truth: Truth;
  readonly versions: readonly number[];
}

/** One version with what only the item knows; the view is made when a condition first asks for it. */
export interface Candidate {
  readonly item: Item;
  readonly version: Version;
  readonly view: () => VersionView;
}

export const candidateOf = (item: Item, version: Version): Candidate => {
  let view: VersionView | undefined;
  return {
    item,
    version,
    view: () => {
      view ??= viewOf(item, version);
      return view;
    },
  };
};

const partsOf = (view: VersionView, field: TextField): readonly (readonly string[])[] => {
  if (field === 'any') return [view.subject, view.body, ...view.names];
  return field === 'names' ? view.names : [view[field]];
};

/** What is not in the parts that were read may be in a part that was not. */
const notFound = (view: VersionView, field: TextField): Truth =>
  field === 'any' && view.unread ? 'unknown' : 'false';

const matchText = ({ field, phrase }: TextLeaf, view: VersionView): Truth => {
  if (partsOf(view, field).some((tokens) => hasPhrase(tokens, phrase))) return 'true';
  if (phrase.joined && view.joined.length > 0) {
    const wanted = joinedToken(field, phrase.tokens[0]!);
    const isWanted = (token: string) => (phrase.prefix ? token.startsWith(wanted) : token === wanted);
    if (view.joined.some(isWanted)) return 'true';
  }
  return notFound(view, field);
};

const matchNear = (near: NearLeaf, view: VersionView): Truth => {
  for (const tokens of partsOf(view, near.field)) for (const _ of nearPairs(tokens, near)) return 'true';
  return notFound(view, near.field);
};

const hasKey = (keys: readonly string[], { equal, prefixes }: KeyTerms): boolean =>
  equal.some((key) => keys.includes(key)) ||
  prefixes.some((prefix) => keys.some((key) => key.startsWith(prefix)));

const matchKeys = (leaf: KeysLeaf, { keys }: VersionView): Truth => {
  if (hasKey(keys, leaf)) return 'true';
  return leaf.unknownWith !== undefined && keys.includes(leaf.unknownWith) ? 'unknown' : 'false';
};

const matchOnly = (leaf: OnlyLeaf, { item, version, view }: Candidate): Truth => {
  const isListed = (keys: readonly string[]) => leaf.members.some((member) => hasKey(keys, member));
  if (!peopleOf(item, version, leaf.of).every(isListed)) return 'false';
  return leaf.unknownWith !== undefined && view().keys.includes(leaf.unknownWith) ? 'unknown' : 'true';
};

const timesOf = ({ property }: DateLeaf, { item, version }: Candidate): readonly number[] => {
  switch (property) {
    case 'sent':
      return [sentMs(item, version)];
    case 'edited':
      return item.versions.filter(isEdit).map((edit) => sentMs(item, edit));
    case 'deleted':
      return item.deletion === undefined ? [] : [Date.parse(item.deletion.at)];
  }
};

const matchDate = (leaf: DateLeaf, candidate: Candidate): Truth => {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = leaf;
  return timesOf(leaf, candidate).some((ms) => ms >= fromMs && ms < toMs) ? 'true' : 'false';
};

/** What a query says of one version. The definition that every engine agrees with. */
export const matchVersion = (query: Query, candidate: Candidate): Truth => {
  switch (query.type) {
    case 'and':
      return every(query.operands, (operand) => matchVersion(operand, candidate));
    case 'or':
      return some(query.operands, (operand) => matchVersion(operand, candidate));
    case 'not':
      return not(matchVersion(query.operand, candidate));
    case 'text':
      return matchText(query, candidate.view());
    case 'near':
      return matchNear(query, candidate.view());
    case 'keys':
      return matchKeys(query, candidate.view());
    case 'only':
      return matchOnly(query, candidate);
    case 'date':
      return matchDate(query, candidate);
  }
};

/** An item matches if some version alone does; else it is unknown if some version is. Without versions it is false. */
export const matchItem = (query: Query, item: Item): ItemMatch => {
  const versions: number[] = [];
  let truth: Truth = 'false';
  for (const version of item.versions) {
    const found = matchVersion(query, candidateOf(item, version));
    if (found === 'true') versions.push(version.number);
    if (found === 'true' || (found === 'unknown' && truth === 'false')) truth = found;
  }
  return { truth, versions };
};
