import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Query } from '../../core/query/ast.ts';
import { matchItem } from '../../core/query/match-item.ts';
import type {
  Actor,
  ArchiveIndex,
  ConversationPage,
  ConversationRange,
  FacetCount,
  Hit,
  IndexFacet,
  IndexFault,
  IndexRebuild,
  Page,
  PutOutcome,
  SearchResult,
  StoredDocument,
} from '../../ports/archive-index.ts';

type Documents = Map<string, IndexDocument>;

interface Found {
  readonly document: IndexDocument;
  readonly hit: Hit;
}

/** The definition run over everything: for tests, simulations and as the oracle of the engines. */
export class MemoryArchiveIndex implements ArchiveIndex {
  readonly #partitions: number;
  #documents: Documents = new Map();

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  async put(documents: readonly IndexDocument[]): Promise<readonly PutOutcome[]> {
    return documents.map((document) => putInto(this.#documents, document));
  }

  async get(ids: readonly ItemId[]): Promise<readonly (Item | undefined)[]> {
    return ids.map((id) => getFrom(this.#documents, id));
  }

  async search(_actor: Actor, _purpose: string, query: Query, page: Page): Promise<SearchResult> {
    const found: Found[] = [];
    let undetermined = 0;
    for (const document of this.#documents.values()) {
      const item = visibleAt(itemOf(document), page.offsets);
      const { truth, versions } = matchItem(query, item);
      if (truth === 'unknown') undetermined += 1;
      if (truth === 'true') found.push({ document, hit: { item: itemOf(document), versions } });
    }
    const compare = page.sort === 'sent' ? newestFirst : byConversation;
    found.sort((a, b) => compare(a.document, b.document));
    const start = page.after === undefined ? 0 : startAfter(found, page.after);
    const hits = found.slice(start, start + page.limit);
    const last = hits.at(-1);
    const isMore = start + hits.length < found.length && last !== undefined;
    return {
      hits: hits.map(({ hit }) => hit),
      total: found.length,
      undetermined,
      ...(isMore ? { next: last.document.id } : {}),
      ...(page.facets === undefined ? {} : { facets: countAll(found, page.facets) }),
    };
  }

  async conversation({
    conversation,
    session,
    from,
    before,
    limit,
  }: ConversationRange): Promise<ConversationPage> {
    const items = this.#ordered()
      .filter(
        (document) =>
          document.conversation === conversation && (session === undefined || document.session === session),
      )
      .map(itemOf);
    const at = (offset: number): number => {
      const found = items.findIndex(({ firstOffset }) => firstOffset >= offset);
      return found < 0 ? items.length : found;
    };
    const start =
      from === undefined ? Math.max(0, (before === undefined ? items.length : at(before)) - limit) : at(from);
    const end =
      from === undefined && before !== undefined ? at(before) : Math.min(items.length, start + limit);
    return { items: items.slice(start, end), hasBefore: start > 0, hasAfter: end < items.length };
  }

  async counts(): Promise<{ items: number; perPartition: readonly number[] }> {
    const perPartition = new Array<number>(this.#partitions).fill(0);
    for (const { partition } of this.#documents.values()) perPartition[partition]! += 1;
    return { items: this.#documents.size, perPartition };
  }

  async scan(partition: number, fromOffset: number, limit: number): Promise<readonly StoredDocument[]> {
    return this.#ordered()
      .filter((document) => document.partition === partition && document.firstOffset >= fromOffset)
      .slice(0, limit)
      .map((document) => ({ document: structuredClone(document) }));
  }

  async checkIntegrity(): Promise<readonly IndexFault[]> {
    return [];
  }

  async remove(ids: readonly ItemId[]): Promise<void> {
    for (const id of ids) this.#documents.delete(id);
  }

  async removeUnaccounted(partition: number, fromOffset: number): Promise<number> {
    const beyond = [...this.#documents.values()].filter(
      (document) => document.partition === partition && document.firstOffset >= fromOffset,
    );
    for (const { id } of beyond) this.#documents.delete(id);
    return beyond.length;
  }

  async searchableWatermark(): Promise<readonly number[]> {
    const watermark = new Array<number>(this.#partitions).fill(0);
    for (const { partition, newestOffset } of this.#documents.values()) {
      watermark[partition] = Math.max(watermark[partition]!, newestOffset + 1);
    }
    return watermark;
  }

  async rebuild(): Promise<IndexRebuild> {
    const documents: Documents = new Map();
    return {
      put: async (given) => given.map((document) => putInto(documents, document)),
      get: async (ids) => ids.map((id) => getFrom(documents, id)),
      commit: async () => {
        this.#documents = documents;
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #ordered(): IndexDocument[] {
    return [...this.#documents.values()].sort(
      (a, b) => a.partition - b.partition || a.firstOffset - b.firstOffset,
    );
  }
}

const putInto = (documents: Documents, document: IndexDocument): PutOutcome => {
  const present = documents.get(document.id);
  if (present !== undefined && present.partition !== document.partition) return 'occupied';
  if (present !== undefined && present.newestOffset >= document.newestOffset) return 'unchanged';
  documents.set(document.id, structuredClone(document));
  return 'stored';
};

const itemOf = (document: IndexDocument): Item => JSON.parse(document.item) as Item;

const getFrom = (documents: Documents, id: ItemId): Item | undefined => {
  const document = documents.get(id);
  return document === undefined ? undefined : itemOf(document);
};

/** The versions that were logged below the vector. */
const visibleAt = (item: Item, offsets: readonly number[] | undefined): Item =>
  offsets === undefined
    ? item
    : { ...item, versions: item.versions.filter(({ offset }) => offset < (offsets[item.partition] ?? 0)) };

const quarterHourMs = 15 * 60 * 1000;

const facetValue: Record<IndexFacet, (hit: Found) => string> = {
  kind: ({ hit }) => hit.item.kind,
  conversation: ({ document }) => document.conversation,
  sender: ({ hit }) => hit.item.versions[0]?.author.address ?? '',
  quarterHour: ({ document }) => String(Math.floor(document.sent / quarterHourMs) * quarterHourMs),
};

const countAll = (
  found: readonly Found[],
  facets: readonly IndexFacet[],
): NonNullable<SearchResult['facets']> =>
  Object.fromEntries(facets.map((facet) => [facet, countBy(found, facetValue[facet])]));

const countBy = (found: readonly Found[], read: (hit: Found) => string): FacetCount[] => {
  const counts = new Map<string, number>();
  for (const hit of found) counts.set(read(hit), (counts.get(read(hit)) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
};

const byPosition = (a: IndexDocument, b: IndexDocument): number =>
  a.partition - b.partition || a.firstOffset - b.firstOffset;
const newestFirst = (a: IndexDocument, b: IndexDocument): number => b.sent - a.sent || byPosition(a, b);
const byConversation = (a: IndexDocument, b: IndexDocument): number =>
  (a.conversation < b.conversation ? -1 : a.conversation > b.conversation ? 1 : 0) || byPosition(a, b);

const startAfter = (found: readonly { document: IndexDocument }[], id: string): number => {
  const at = found.findIndex(({ document }) => document.id === id);
  if (at < 0)
    throw new HoldfastError('BadRequest', {
      detail: '`after` names no hit of this query: expected the `next` of an earlier answer.',
    });
  return at + 1;
};
