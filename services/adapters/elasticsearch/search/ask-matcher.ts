import type { Answered, Asked } from './asked.ts';
import { FacetCounts } from './facets.ts';
import { FoundItems } from './found-items.ts';
import type { SearchEngine } from './search-engine.ts';
import { openSnapshot } from './snapshot.ts';
import { allOf } from './write-dsl.ts';
import { mayMatch } from './write-request.ts';

/** Asks the matcher about every item for which the query may be true or unknown. */
export const askMatcher = async (
  engine: SearchEngine,
  { wanted, known, facets }: Asked,
): Promise<Answered> => {
  await using snapshot = await openSnapshot(engine);
  const counts = new FacetCounts(facets);
  const items = new FoundItems(wanted, counts);
  const candidates = mayMatch(wanted.query, known.begun !== undefined);
  const query = known.begun === undefined ? candidates : allOf([known.begun, candidates]);
  for await (const item of snapshot.stream(query)) items.ask(item);
  const { total, undetermined } = items;
  return { found: items.first(), total, undetermined, facets: counts };
};
