import { HoldfastError } from '../../../core/errors.ts';
import type { Query } from '../../../core/query/ast.ts';
import type { Page, SearchResult } from '../../../ports/archive-index.ts';
import type { SearchEngine } from './search-engine.ts';

/** What the matcher says of every item as the facts below `page.offsets` make it, found by the engine. */
export const searchIndex = async (
  _engine: SearchEngine,
  _query: Query,
  _page: Page,
): Promise<SearchResult> => {
  throw new HoldfastError('Internal', { detail: 'Not written yet.' });
};
