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
  /** Written: new, newer than what was there, or of the same newest fact with another hash. */
  | 'stored'
  /** The index already holds this, a newer state of the item, or another than the document was made from. */
  | 'unchanged'
  /** Another partition owns this id; the caller must use a conflict id. */
  | 'occupied';

/**
 * By item, the hash of the state that its document was made from. Where the index holds another state, or one though
 * none is named here, the document is not taken: it may lack facts of that state.
 */
export type PutBasis = ReadonlyMap<ItemId, string>;

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

/** Puts right a document that says more than the ledger accounts for. */
export interface Correction {
  /** The document as it was read; where the index holds another state by now, nothing is done. */
  readonly seen: IndexDocument;
  /** What takes its place, though it may be older; absent = the item goes. */
  readonly becomes?: IndexDocument;
}

/**
 * A new index being filled beside the one that answers; disposed without `commit`, it leaves no trace. The caller
 * fills it from the ledger, freezes, fills in what the ledger got since, and commits.
 */
export interface IndexRebuild extends AsyncDisposable {
  put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]>;
  get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]>;
  /** Until `commit` or disposal, puts of any process into the index that answers are refused with `IndexUnavailable`. */
  freeze(): Promise<void>;
  /**
   * Takes over the documents of the old index with facts from `accounted` on (per partition, what the ledger accounted
   * for after `freeze`): they were put and may be accounted for soon. Then answers in its place, at once.
   */
  commit(accounted: readonly number[]): Promise<void>;
}

/**
 * Where items are found. Holds nothing the log and ledger cannot rebuild.
 *
 * Promises: `put` is idempotent, durable when it resolves and never goes back to an older `newestOffset`; `get` sees
 * it at once, every other read after a `refresh`; an id is in the index once, whatever its partition; `search`
 * returns exactly what the pure matcher (core/query) says, totals included, sorted with the position as tie-breaker;
 * `remove` leaves no trace of the words.
 * The caller puts documents of one partition in order. Several processes may put into one partition while it changes
 * hands: the ledger decides whose facts count, and `correct` takes the others back.
 */
export interface ArchiveIndex extends AsyncDisposable {
  /** Without a basis, what is newer takes the place of what is there. */
  put(documents: readonly IndexDocument[], basis?: PutBasis): Promise<readonly PutOutcome[]>;
  get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]>;
  search(actor: Actor, purpose: string, query: Query, page: Page): Promise<SearchResult>;
  conversation(range: ConversationRange): Promise<ConversationPage>;
  /** Resolves when every read begun afterwards sees all whose put, correction or removal resolved before this call. */
  refresh(): Promise<void>;
  /** Number of items, and of items per partition; with `offsets`, of those begun below them. */
  counts(
    offsets?: readonly number[],
  ): Promise<{ readonly items: number; readonly perPartition: readonly number[] }>;
  /** In sum what `counts` says of items begun below these offsets; asked for every answer, so as cheap as can be. */
  itemsBelow(offsets: readonly number[]): Promise<number>;
  /** Stored documents of a partition in order of `firstOffset`, from there on; at most `limit`. */
  scan(partition: number, fromOffset: number, limit: number): Promise<readonly StoredDocument[]>;
  /** Documents of a partition whose newest fact lies in `from` to `to` (exclusive), in that order; at most `limit`. */
  touched(
    partition: number,
    range: { readonly from: number; readonly to: number; readonly limit: number },
  ): Promise<readonly StoredDocument[]>;
  /** Checks the engine's own structures against the stored documents; names items where it can. */
  checkIntegrity(): Promise<readonly IndexFault[]>;
  remove(ids: readonly ItemId[]): Promise<void>;
  /** Per correction, whether the document was still as seen, and so was corrected. */
  correct(corrections: readonly Correction[]): Promise<readonly boolean[]>;
  /** Highest `newestOffset` + 1 per partition that a search opened now sees, accounted for or not. */
  searchableWatermark(): Promise<readonly number[]>;
  rebuild(): Promise<IndexRebuild>;
}
