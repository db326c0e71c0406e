import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import type { Query } from '../core/query/ast.ts';
import { highlight } from '../core/query/highlight.ts';
import type { SearchResult } from '../ports/archive-index.ts';
import type { Clock } from '../ports/clock.ts';

/** The event loop is given back after this long: to mark a page of long messages takes seconds. */
const sliceMs = 3;

/** The hits with the places that made them match. */
export const markHits = async (
  hits: SearchResult['hits'],
  query: Query,
  clock: Clock,
): Promise<SearchAnswer['hits']> => {
  const marked: SearchAnswer['hits'] = [];
  let sliceStartMs = clock.monotonicMs();
  for (const { item, versions } of hits) {
    const { highlights, moreHighlights } = highlight(query, item, versions);
    marked.push({
      item,
      versions: [...versions],
      highlights,
      ...(moreHighlights ? { moreHighlights } : {}),
    });
    if (clock.monotonicMs() - sliceStartMs < sliceMs) continue;
    await yieldToOthers();
    sliceStartMs = clock.monotonicMs();
  }
  return marked;
};
