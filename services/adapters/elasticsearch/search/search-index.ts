import { HoldfastError } from '../../../core/errors.ts';
import type { Query } from '../../../core/query/ast.ts';
import { matchItem } from '../../../core/query/match-item.ts';
import type { IndexFacet, Page, SearchResult } from '../../../ports/archive-index.ts';
import { refuseWidePrefixes } from './count-prefix-terms.ts';
import { compareKeys, readCursor, type SortKey, writeCursor } from './cursor.ts';
import { FacetCounts, facetAggregation } from './facets.ts';
import { type Found, FoundItems, type Wanted } from './found-items.ts';
import { type KnownFacts, knownFacts } from './known-facts.ts';
import { type EngineHit, isTooManyClauses, type SearchAnswer, type SearchEngine } from './search-engine.ts';
import { itemOf, openSnapshot, type Snapshot } from './snapshot.ts';
import { allOf } from './write-dsl.ts';
import { type ExactRequest, maxHits, maxLate, mayMatch, pageOf, writeExactRequest } from './write-request.ts';

/**
 * What the matcher says of every item as the facts below `page.offsets` make it. The engine answers alone what it can
 * say exactly, in one search; about items with later facts, and for conditions beyond the engine, the matcher is asked.
 */
export const searchIndex = async (engine: SearchEngine, query: Query, page: Page): Promise<SearchResult> => {
  const known = knownFacts(page.offsets);
  const wanted: Wanted = {
    query,
    sort: page.sort,
    after: page.after === undefined ? undefined : readCursor(page.after, page.sort),
    limit: page.limit === 0 ? 0 : page.limit + 1,
    endOf: known.endOf,
  };
  const [allowed, answer] = await Promise.allSettled([
    refuseWidePrefixes(engine, query),
    answerQuery(engine, { wanted, known, facets: page.facets ?? [] }),
  ]);
  if (allowed.status === 'rejected') throw allowed.reason;
  if (answer.status === 'rejected') throw answer.reason;
  return resultOf(answer.value, page);
};

interface Asked {
  readonly wanted: Wanted;
  readonly known: KnownFacts;
  readonly facets: readonly IndexFacet[];
}

interface Answered {
  /** In order, at most as many as wanted. */
  readonly found: readonly Found[];
  readonly total: number;
  readonly undetermined: number;
  readonly facets: FacetCounts;
}

const resultOf = ({ found, total, undetermined, facets }: Answered, page: Page): SearchResult => {
  const last = found.length > page.limit ? found[page.limit - 1] : undefined;
  return {
    hits: found.slice(0, page.limit).map(({ item, versions }) => ({ item, versions })),
    total,
    undetermined,
    ...(last === undefined ? {} : { next: writeCursor(page.sort, last.key) }),
    ...(page.facets === undefined ? {} : { facets: facets.sorted() }),
  };
};

const answerQuery = async (engine: SearchEngine, asked: Asked): Promise<Answered> => {
  const request = writeExactRequest(asked.wanted, asked.known, asked.facets);
  if (request === undefined) return askMatcher(engine, asked);
  try {
    return await askEngine(engine, request, asked);
  } catch (error) {
    if (!isTooManyClauses(error)) throw error;
    return askMatcher(engine, asked);
  }
};

/** The matcher about every item for which the query may be true or unknown. */
const askMatcher = async (engine: SearchEngine, { wanted, known, facets }: Asked): Promise<Answered> => {
  await using snapshot = await openSnapshot(engine);
  const counts = new FacetCounts(facets);
  const items = new FoundItems(wanted, counts);
  const candidates = mayMatch(wanted.query, known.begun !== undefined);
  const query = known.begun === undefined ? candidates : allOf([known.begun, candidates]);
  for await (const item of snapshot.stream(query)) items.ask(item);
  const { total, undetermined } = items;
  return { found: items.first(), total, undetermined, facets: counts };
};

const askEngine = async (engine: SearchEngine, request: ExactRequest, asked: Asked): Promise<Answered> => {
  const answer = await engine.search(request.body);
  if (isWhole(answer, asked)) return joinParts(answer, request, asked);
  // What the answer leaves out must be of the same state of the index, so all of it is asked for again.
  await using snapshot = await openSnapshot(engine);
  return await joinParts(await snapshot.search(request.body), request, { ...asked, snapshot });
};

interface FilterAnswer {
  readonly doc_count: number;
  readonly items?: { readonly hits: { readonly hits: readonly EngineHit[] } };
}

const countedIn = ({ aggregations }: SearchAnswer, name: string): FilterAnswer =>
  (aggregations[name] ?? { doc_count: 0 }) as FilterAnswer;

const isWhole = (answer: SearchAnswer, { wanted, facets }: Asked): boolean => {
  const counts = new FacetCounts(facets);
  const found = countedIn(answer, 'found') as unknown as Record<IndexFacet, unknown>;
  return (
    wanted.limit <= maxHits &&
    countedIn(answer, 'late').doc_count <= maxLate &&
    facets.every((facet) => counts.addPage(facet, found[facet]) === undefined)
  );
};

/** Hits of the engine and late items that match, in one order. `snapshot` is there unless the answer is whole. */
const joinParts = async (
  answer: SearchAnswer,
  request: ExactRequest,
  { wanted, facets, snapshot }: Asked & { readonly snapshot?: Snapshot },
): Promise<Answered> => {
  const counts = new FacetCounts(facets);
  const late = new FoundItems(wanted, counts);
  for await (const item of lateItems(answer, request, snapshot)) late.ask(item);
  await countFacets(counts, { answer, found: request.found, snapshot });
  const hits = await restOfHits(answer.hits, { request, wanted, snapshot });
  const found = [...hits.map((hit) => foundOf(hit, wanted)), ...late.first()]
    .sort((a, b) => compareKeys(a.key, b.key))
    .slice(0, wanted.limit);
  return {
    found,
    total: (answer.total ?? 0) + late.total,
    undetermined: countedIn(answer, 'undetermined').doc_count + late.undetermined,
    facets: counts,
  };
};

const lateItems = async function* (
  answer: SearchAnswer,
  { late }: ExactRequest,
  snapshot: Snapshot | undefined,
) {
  const { doc_count: count, items } = countedIn(answer, 'late');
  if (count <= maxLate) yield* (items?.hits.hits ?? []).map(itemOf);
  else if (late !== undefined && snapshot !== undefined) yield* snapshot.stream(late);
};

const countFacets = async (
  counts: FacetCounts,
  {
    answer,
    found,
    snapshot,
  }: Pick<ExactRequest, 'found'> & { answer: SearchAnswer; snapshot: Snapshot | undefined },
): Promise<void> => {
  const first = countedIn(answer, 'found') as unknown as Record<IndexFacet, unknown>;
  for (const facet of counts.facets) {
    let next = counts.addPage(facet, first[facet]);
    while (next !== undefined && snapshot !== undefined) {
      const aggregations = { page: facetAggregation(facet, next) };
      const page = await snapshot.search({ query: found, size: 0, track_total_hits: false, aggregations });
      next = counts.addPage(facet, page.aggregations.page);
    }
  }
};

const restOfHits = async (
  first: readonly EngineHit[],
  parts: { request: ExactRequest; wanted: Wanted; snapshot: Snapshot | undefined },
): Promise<readonly EngineHit[]> => {
  const { request, wanted, snapshot } = parts;
  const hits = [...first];
  let isMore = first.length === maxHits;
  while (isMore && hits.length < wanted.limit && snapshot !== undefined) {
    const page = await snapshot.search({
      query: request.found,
      ...pageOf({ sort: wanted.sort, after: keyOf(hits.at(-1)!) }),
      size: maxHits,
      track_total_hits: false,
    });
    hits.push(...page.hits);
    isMore = page.hits.length === maxHits;
  }
  return hits;
};

const keyOf = ({ sort = [] }: EngineHit): SortKey => sort.slice(0, 3) as unknown as SortKey;

const foundOf = (hit: EngineHit, { query }: Wanted): Found => {
  const item = itemOf(hit);
  const { truth, versions } = matchItem(query, item);
  if (truth === 'true') return { item, versions, key: keyOf(hit) };
  const detail =
    'The index finds an item that does not match: what is stored of it is not what the item says.';
  throw new HoldfastError('IndexUnavailable', { detail, itemId: item.id });
};
