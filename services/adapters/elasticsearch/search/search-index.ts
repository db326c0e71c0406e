import type { Query } from '../../../core/query/ast.ts';
import type { Page, SearchResult } from '../../../ports/archive-index.ts';
import { askEngine } from './ask-engine.ts';
import { askMatcher } from './ask-matcher.ts';
import type { Answered, Asked } from './asked.ts';
import { refuseWidePrefixes } from './count-prefix-terms.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Wanted } from './found-items.ts';
import { knownFacts } from './known-facts.ts';
import { isTooManyClauses, type SearchEngine } from './search-engine.ts';
import { writeExactRequest } from './write-request.ts';

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
