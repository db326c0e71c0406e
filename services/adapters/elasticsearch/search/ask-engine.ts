import { HoldfastError } from '../../../core/errors.ts';
import { matchItem } from '../../../core/query/match-item.ts';
import type { IndexFacet } from '../../../ports/archive-index.ts';
import type { Answered, Asked } from './asked.ts';
import { compareKeys, type SortKey } from './cursor.ts';
import { FacetCounts, facetAggregation } from './facets.ts';
import { type Found, FoundItems, type Wanted } from './found-items.ts';
import type { EngineHit, SearchAnswer, SearchEngine } from './search-engine.ts';
import { itemOf, openSnapshot, type Snapshot } from './snapshot.ts';
import { type ExactRequest, maxHits, maxLate, pageOf } from './write-request.ts';

/**
 * One search in most cases. What does not fit into one answer (many late items, values of facets or hits) is asked for
 * in a point in time of its own; none lives on between pages, because the vector makes pages agree, and no page then
 * fails because somebody read slowly.
 */
export const askEngine = async (
  engine: SearchEngine,
  request: ExactRequest,
  asked: Asked,
): Promise<Answered> => {
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
