import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import { HoldfastError } from '../../core/errors.ts';
import { toIndexDocument } from '../../core/item/index-document.ts';
import { itemAsOf } from '../../core/item/item-as-of.ts';
import type { Query, TextField } from '../../core/query/ast.ts';
import { matchItem } from '../../core/query/match-item.ts';
import { assertFewTerms, prefixesOf } from '../../core/query/prefix-limit.ts';
import type {
  Actor,
  ArchiveIndex,
  ConversationPage,
  ConversationRange,
  Correction,
  FacetCount,
  Hit,
  IndexFacet,
  IndexFault,
  IndexRebuild,
  Page,
  PutBasis,
  PutOutcome,
  SearchResult,
  StoredDocument,
} from '../../ports/archive-index.ts';

/** An index that lasts as long as the object and asks the pure matcher about every item: what others must equal. */
export class MemoryArchiveIndex implements ArchiveIndex {
  readonly #partitions: number;
  #documents = new Map<string, IndexDocument>();
  #isFrozen = false;

  constructor(options: { readonly partitions: number }) {
    this.#partitions = options.partitions;
  }

  async put(documents: readonly IndexDocument[], basis?: PutBasis): Promise<readonly PutOutcome[]> {
    this.#assertWritable();
    return documents.map((document) => this.#putOne(document, basis));
  }

  async get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]> {
    return ids.map((id) => {
      const document = this.#documents.get(id);
      return document === undefined ? undefined : itemOf(document);
    });
  }

  async search(_actor: Actor, _purpose: string, query: Query, page: Page): Promise<SearchResult> {
    for (const wanted of prefixesOf(query))
      assertFewTerms(wanted, countTerms(this.#documents.values(), wanted.field, wanted.prefix));
    const hits: Hit[] = [];
    let undetermined = 0;
    for (const item of this.#itemsAt(page.offsets)) {
      const { truth, versions } = matchItem(query, item);
      if (truth === 'true') hits.push({ item, versions });
      if (truth === 'unknown') undetermined += 1;
    }
    hits.sort((a, b) => compare(sortKey(a, page.sort), sortKey(b, page.sort)));
    const after = page.after === undefined ? undefined : readCursor(page.after, page.sort);
    const rest =
      after === undefined ? hits : hits.filter((hit) => compare(sortKey(hit, page.sort), after) > 0);
    const shown = rest.slice(0, page.limit);
    const last = shown.at(-1);
    const next = last !== undefined && rest.length > shown.length ? sortKey(last, page.sort) : undefined;
    return {
      hits: shown,
      total: hits.length,
      undetermined,
      ...(next === undefined ? {} : { next: JSON.stringify([page.sort, next]) }),
      ...(page.facets === undefined ? {} : { facets: countFacets(hits, page.facets) }),
    };
  }

  async conversation(range: ConversationRange): Promise<ConversationPage> {
    const items = this.#inOrder()
      .map(itemOf)
      .filter(({ conversation }) => conversation.id === range.conversation)
      .filter(({ session }) => range.session === undefined || session === range.session);
    const { from = 0, before = Number.POSITIVE_INFINITY, limit } = range;
    const within = items.filter(({ firstOffset }) => firstOffset >= from && firstOffset < before);
    const shown =
      range.from === undefined ? within.slice(Math.max(0, within.length - limit)) : within.slice(0, limit);
    const isLeftOut = (item: Item) => !shown.includes(item);
    return {
      items: shown,
      hasBefore: items.some(
        (item) =>
          item.firstOffset < from || (range.from === undefined && within.includes(item) && isLeftOut(item)),
      ),
      hasAfter: items.some(
        (item) =>
          item.firstOffset >= before ||
          (range.from !== undefined && within.includes(item) && isLeftOut(item)),
      ),
    };
  }

  async counts(offsets?: readonly number[]): ReturnType<ArchiveIndex['counts']> {
    const isBegun = ({ partition, firstOffset }: IndexDocument): boolean =>
      offsets === undefined || firstOffset < (offsets[partition] ?? 0);
    const perPartition = this.#perPartition(0, (count, document) => count + (isBegun(document) ? 1 : 0));
    return { items: perPartition.reduce((sum, count) => sum + count, 0), perPartition };
  }

  async itemsBelow(offsets: readonly number[]): Promise<number> {
    return (await this.counts(offsets)).items;
  }

  async refresh(): Promise<void> {}

  async scan(partition: number, fromOffset: number, limit: number): Promise<readonly StoredDocument[]> {
    return this.#inOrder()
      .filter((document) => document.partition === partition && document.firstOffset >= fromOffset)
      .slice(0, limit)
      .map((document) => ({ document }));
  }

  async touched(
    partition: number,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
  ): Promise<readonly StoredDocument[]> {
    return [...this.#documents.values()]
      .filter((document) => document.partition === partition)
      .filter(({ newestOffset }) => newestOffset >= from && newestOffset < to)
      .sort((a, b) => a.newestOffset - b.newestOffset || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map((document) => ({ document }));
  }

  async checkIntegrity(): Promise<readonly IndexFault[]> {
    return [];
  }

  async remove(ids: readonly ItemId[]): Promise<void> {
    for (const id of ids) this.#documents.delete(id);
  }

  async correct(corrections: readonly Correction[]): Promise<readonly boolean[]> {
    this.#assertWritable();
    return corrections.map(({ seen, becomes }) => {
      if (this.#documents.get(seen.id)?.itemHash !== seen.itemHash) return false;
      if (becomes === undefined) this.#documents.delete(seen.id);
      else this.#documents.set(becomes.id, structuredClone(becomes));
      return true;
    });
  }

  async searchableWatermark(): Promise<readonly number[]> {
    return this.#perPartition(0, (end, { newestOffset }) => Math.max(end, newestOffset + 1));
  }

  async rebuild(): Promise<IndexRebuild> {
    const next = new MemoryArchiveIndex({ partitions: this.#partitions });
    return {
      put: (documents) => next.put(documents),
      get: (ids) => next.get(ids),
      freeze: async () => {
        this.#isFrozen = true;
      },
      commit: async (accounted) => {
        for (const document of this.#documents.values())
          if (document.newestOffset >= (accounted[document.partition] ?? 0)) next.#putOne(document);
        this.#documents = next.#documents;
        this.#isFrozen = false;
      },
      [Symbol.asyncDispose]: async () => {
        this.#isFrozen = false;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #assertWritable(): void {
    if (this.#isFrozen)
      throw new HoldfastError('IndexUnavailable', { detail: 'A rebuilt index is taking its place.' });
  }

  #putOne(document: IndexDocument, basis?: PutBasis): PutOutcome {
    const stored = this.#documents.get(document.id);
    if (stored !== undefined && stored.partition !== document.partition) return 'occupied';
    if (stored !== undefined && !isNews(document, stored)) return 'unchanged';
    if (stored !== undefined && basis !== undefined && basis.get(document.id) !== stored.itemHash)
      return 'unchanged';
    this.#documents.set(document.id, structuredClone(document));
    return 'stored';
  }

  #inOrder(): IndexDocument[] {
    return [...this.#documents.values()].sort(
      (a, b) => a.partition - b.partition || a.firstOffset - b.firstOffset,
    );
  }

  *#itemsAt(offsets: readonly number[] | undefined): Generator<Item> {
    for (const document of this.#documents.values()) {
      const end = offsets === undefined ? Number.POSITIVE_INFINITY : (offsets[document.partition] ?? 0);
      const item = itemAsOf(itemOf(document), end);
      if (item !== undefined) yield item;
    }
  }

  #perPartition(initial: number, next: (value: number, document: IndexDocument) => number): number[] {
    const values = new Array<number>(this.#partitions).fill(initial);
    for (const document of this.#documents.values())
      values[document.partition] = next(values[document.partition] ?? initial, document);
    return values;
  }
}

const isNews = (document: IndexDocument, stored: IndexDocument): boolean =>
  document.newestOffset > stored.newestOffset ||
  (document.newestOffset === stored.newestOffset && document.itemHash !== stored.itemHash);

const itemOf = ({ item }: IndexDocument): Item => JSON.parse(item) as Item;

/** First what is sorted by, then the position. */
type SortKey = readonly [number | string, number, number];

const sortKey = ({ item }: Hit, sort: Page['sort']): SortKey => [
  sort === 'sent' ? toIndexDocument(item).sent : item.conversation.id,
  item.partition,
  item.firstOffset,
];

/** Times newest first, conversations by code point, then by position. */
const compare = (a: SortKey, b: SortKey): number => compareFirst(a[0], b[0]) || a[1] - b[1] || a[2] - b[2];

const compareFirst = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number'
    ? b - a
    : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));

const readCursor = (after: string, sort: Page['sort']): SortKey => {
  try {
    const [made, key] = JSON.parse(after) as [string, SortKey];
    if (made === sort && Array.isArray(key) && key.length === 3) return key;
  } catch {
    // Refused below like any other text that is no cursor.
  }
  throw new HoldfastError('BadRequest', {
    detail: `The cursor "${after.slice(0, 100)}" is not one of a page sorted by ${sort}.`,
  });
};

const quarterHourMs = 15 * 60 * 1000;

const facetValue: Record<IndexFacet, (item: Item) => string> = {
  kind: ({ kind }) => kind,
  conversation: ({ conversation }) => conversation.id,
  sender: ({ versions }) => versions[0]?.author.address ?? '',
  quarterHour: (item) => String(Math.floor(toIndexDocument(item).sent / quarterHourMs) * quarterHourMs),
};

const countFacets = (
  hits: readonly Hit[],
  facets: readonly IndexFacet[],
): NonNullable<SearchResult['facets']> =>
  Object.fromEntries(
    facets.map((facet) => [
      facet,
      countValues(
        hits.map(({ item }) => item),
        facetValue[facet],
      ),
    ]),
  );

const countValues = (items: readonly Item[], read: (item: Item) => string): FacetCount[] => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(read(item), (counts.get(read(item)) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compareFirst(a.value, b.value));
};

const textsOf = {
  any: ['subject', 'body', 'names'],
  subject: ['subject'],
  body: ['body'],
  names: ['names'],
} as const;

const countTerms = (documents: Iterable<IndexDocument>, field: TextField, prefix: string): number => {
  const terms = new Set<string>();
  for (const { versions } of documents)
    for (const version of versions)
      for (const text of textsOf[field])
        for (const term of version[text].split(' ')) if (term.startsWith(prefix)) terms.add(term);
  return terms.size;
};
