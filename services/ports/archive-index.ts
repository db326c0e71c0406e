import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { ItemId } from '../../schemas/ids.ts';
import type { Query } from '../core/query/ast.ts';

/** Who asks; until sign-in exists, the local operator. */
export interface Actor {
  readonly id: string;
}

/** What hits can be counted by. `quarterHour`: start of the quarter of an hour of `sent`, in milliseconds since 1970. */
export type IndexFacet = 'kind' | 'conversation' | 'sender' | 'quarterHour';

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

export interface Page {
  readonly limit: number;
  readonly sort: 'sent' | 'conversation';
  /** Opaque; from `SearchResult.next` of the page before. */
  readonly after?: string;
  /** Only facts below these offsets count (per partition); absent = all that is searchable now. */
  readonly offsets?: readonly number[];
  /** Counted over all hits, not over the page. */
  readonly facets?: readonly IndexFacet[];
}

export interface Hit {
  readonly item: Item;
  /** Numbers of the versions that alone satisfy the query, ascending. */
  readonly versions: readonly number[];
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  /** Exact number of items that match. */
  readonly total: number;
  /** Exact number of items for which the query is unknown. */
  readonly undetermined: number;
  readonly next?: string;
  /** Every value of each facet asked for, most frequent first, then by value. */
  readonly facets?: Readonly<Partial<Record<IndexFacet, readonly FacetCount[]>>>;
}

export type PutOutcome =
  /** Written: new, or newer than what was there. */
  | 'stored'
  /** The index already holds this or a newer state of the item. */
  | 'unchanged'
  /** Another partition owns this id; the caller must use a conflict id. */
  | 'occupied';

export interface ConversationPage {
  /** In order of position. */
  readonly items: readonly Item[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

/** Pages through one conversation; positions are `firstOffset`s. */
export interface ConversationRange {
  readonly conversation: string;
  readonly session?: string;
  /** Items from this offset on (inclusive) or before it (exclusive); neither = the newest. */
  readonly from?: number;
  readonly before?: number;
  readonly limit: number;
}

/** One stored item as the index holds it, for verification; `document` rebuilt from what is stored. */
export interface StoredDocument {
  readonly document: IndexDocument;
}

export interface IndexFault {
  /** The item concerned where it can be told. */
  readonly itemId?: string;
  readonly fault: string;
}

/** A new index being filled beside the one that answers; `commit` swaps it in at once. */
export interface IndexRebuild extends AsyncDisposable {
  put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]>;
  get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]>;
  commit(): Promise<void>;
}

/**
 * Where items are found. Holds nothing the log and ledger cannot rebuild.
 *
 * Promises: `put` is idempotent, durable when it resolves and never goes back to an older `newestOffset`; a search
 * begun after `put` resolved sees it; `search` returns exactly what the pure matcher (core/query) says, totals
 * included, sorted with the position as tie-breaker; `remove` leaves no trace of the words.
 * The caller puts documents of one partition in order, from one writer at a time.
 */
export interface ArchiveIndex extends AsyncDisposable {
  put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]>;
  get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]>;
  search(actor: Actor, purpose: string, query: Query, page: Page): Promise<SearchResult>;
  conversation(range: ConversationRange): Promise<ConversationPage>;
  /** Number of items, and of items per partition. */
  counts(): Promise<{ readonly items: number; readonly perPartition: readonly number[] }>;
  /** Stored documents of a partition in order of `firstOffset`, from there on; at most `limit`. */
  scan(partition: number, fromOffset: number, limit: number): Promise<readonly StoredDocument[]>;
  /** Checks the engine's own structures against the stored documents; names items where it can. */
  checkIntegrity(): Promise<readonly IndexFault[]>;
  remove(ids: readonly ItemId[]): Promise<void>;
  /** Removes items whose first fact is at or after `fromOffset`: not accounted for in the ledger. */
  removeUnaccounted(partition: number, fromOffset: number): Promise<number>;
  /** Highest `newestOffset` + 1 per partition that a search opened now sees. */
  searchableWatermark(): Promise<readonly number[]>;
  rebuild(): Promise<IndexRebuild>;
}
