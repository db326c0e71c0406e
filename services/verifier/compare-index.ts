import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Difference } from '../../schemas/api/archive-operations.ts';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import { replayRecord } from '../archiver/replay-record.ts';
import { itemHash } from '../core/item/canonical.ts';
import { factOffsets, isSecondDeletion } from '../core/item/fact-offsets.ts';
import { transformVersion } from '../core/item/fold-item.ts';
import { toIndexDocument } from '../core/item/index-document.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';

const scanSize = 500;

/** An event beside the document that begins at its offset. */
interface Pair {
  readonly entry: LeafEntry;
  readonly record: LoggedRecord | undefined;
  readonly document: IndexDocument | undefined;
  /** Of documents before it that no event began. */
  readonly unknown: readonly Difference[];
}

type LaterFacts = ReadonlyMap<
  number,
  { readonly record: LoggedRecord | undefined; readonly entry: LeafEntry | undefined }
>;
type ItemsById = ReadonlyMap<string, Item>;

interface Replayed {
  readonly record: LoggedRecord;
  readonly entry: LeafEntry;
  readonly facts: LaterFacts;
}

interface State {
  readonly item: Item;
  readonly entry: LeafEntry;
}

export interface ComparePorts {
  readonly index: ArchiveIndex;
  readonly log: EventLog;
  readonly ledger: Ledger;
}

/**
 * Compares the index with the log, both in order of first offset, holding one page of each: every archived event
 * must be in its item, every item must come out of the log as it stands in the index, tokens included. The archiver may
 * go on meanwhile: it writes the index before the ledger, so the index may hold what is only in the log yet.
 */
export class CompareIndex {
  readonly #ports: ComparePorts;
  readonly #partition: PartitionName;
  #page: IndexDocument[] = [];
  #nextScan = 0;
  #ended = false;
  /** Items of the index that were compared. */
  items = 0;

  constructor(ports: ComparePorts, partition: PartitionName) {
    this.#ports = ports;
    this.#partition = partition;
  }

  async range(
    records: readonly (LoggedRecord | undefined)[],
    entries: readonly LeafEntry[],
  ): Promise<Difference[]> {
    // The range may have been archived after the scan had come to the end of the index.
    this.#ended = false;
    const pairs: Pair[] = [];
    for (const [at, entry] of entries.entries()) {
      const unknown: Difference[] = [];
      const document = await this.#takeUpTo(entry.offset, unknown);
      pairs.push({ entry, record: records[at], document, unknown });
    }
    const items = await this.#itemsOf(pairs);
    const found: Pair[] = [];
    for (const pair of pairs) found.push(await this.#lookAgain(pair, items));
    const facts = await this.#laterFactsOf(found);
    return found.flatMap((pair) => [...pair.unknown, ...this.#compare(pair, facts, items)]);
  }

  /** A document that was put while a page was read is not on it. If it is there, whoever searches finds it by now. */
  async #lookAgain(pair: Pair, items: ItemsById): Promise<Pair> {
    const { entry, document } = pair;
    const item = entry.itemId === undefined ? undefined : items.get(entry.itemId);
    if (document !== undefined || item?.firstOffset !== entry.offset) return pair;
    await this.#ports.index.refresh();
    const [stored] = await this.#ports.index.scan(this.#partition.partition, entry.offset, 1);
    if (stored?.document.firstOffset !== entry.offset) return pair;
    this.items += 1;
    return { ...pair, document: stored.document };
  }

  #compare({ entry, record, document }: Pair, facts: LaterFacts, items: ItemsById): Difference[] {
    if (entry.itemId === undefined || record?.value == null)
      return document !== undefined && record?.value !== null ? [this.#unknown(document)] : [];
    if (document === undefined) return this.#laterFact(record, entry, items.get(entry.itemId));
    if (document.id !== entry.itemId) return [this.#missing(entry), this.#unknown(document)];
    return this.#wholeItem(document, { record, entry, facts });
  }

  /** What the index holds beyond the ledger must at least stand in the log; its outcome is still to come. */
  async finish(): Promise<Difference[]> {
    const differences: Difference[] = [];
    const { items } = this;
    await this.#takeUpTo(Number.MAX_SAFE_INTEGER, differences);
    this.items = items;
    const end = await this.#ports.log.end('im', this.#partition.partition);
    return differences.filter(({ offset = 0 }) => offset >= end);
  }

  /** The document that begins at this offset, if there is one; documents before it belong to no event. */
  async #takeUpTo(offset: number, differences: Difference[]): Promise<IndexDocument | undefined> {
    for (;;) {
      if (this.#page.length === 0 && !this.#ended) await this.#scan();
      const [next] = this.#page;
      if (next === undefined || next.firstOffset > offset) return undefined;
      this.#page.shift();
      this.items += 1;
      if (next.firstOffset === offset) return next;
      differences.push(this.#unknown(next));
    }
  }

  async #scan(): Promise<void> {
    // What was put before the range that is compared now was recorded must be seen.
    await this.#ports.index.refresh();
    const documents = await this.#ports.index.scan(this.#partition.partition, this.#nextScan, scanSize);
    this.#ended = documents.length < scanSize;
    this.#page = documents.map(({ document }) => document);
    const last = this.#page.at(-1);
    if (last !== undefined) this.#nextScan = last.firstOffset + 1;
  }

  /** Facts beyond the first of the documents of a range, with their entries: asked for at once. */
  async #laterFactsOf(pairs: readonly Pair[]): Promise<LaterFacts> {
    const offsets = [
      ...new Set(pairs.flatMap(({ document }) => (document === undefined ? [] : laterOffsets(document)))),
    ];
    if (offsets.length === 0) return new Map();
    const [records, entries] = await Promise.all([
      this.#ports.log.get(offsets.map((offset) => ({ ...this.#partition, offset }))),
      this.#ports.ledger.entries(this.#partition, offsets),
    ]);
    return new Map(offsets.map((offset, at) => [offset, { record: records[at], entry: entries[at] }]));
  }

  /** Items that events of the range were folded into but did not begin. */
  async #itemsOf(pairs: readonly Pair[]): Promise<ItemsById> {
    const ids = new Set(
      pairs.flatMap(({ entry, document }) =>
        document === undefined && entry.itemId !== undefined ? [entry.itemId] : [],
      ),
    );
    const items = await this.#ports.index.get([...ids]);
    return new Map(items.flatMap((item) => (item === undefined ? [] : [[item.id, item]])));
  }

  /** Folds all facts of the item out of the log again and compares the whole document. */
  #wholeItem(document: IndexDocument, replayed: Replayed): Difference[] {
    const { entry } = replayed;
    const states = replay(document, replayed);
    const last = states.at(-1);
    // A record that is not the one the ledger recorded is named beside its offset.
    if (last === undefined) return [];
    const unlike = states
      .filter(
        ({ item, entry: { itemHash: recorded } }) => recorded !== undefined && itemHash(item) !== recorded,
      )
      .map((state) =>
        this.#difference(
          state.entry,
          `item ${entry.itemId} does not come out of the log as the ledger recorded it`,
        ),
      );
    const expected = toIndexDocument(last.item);
    if (isDeepStrictEqual(document, expected)) return unlike;
    const fields = fieldsThatDiffer(document, expected).join(', ');
    const what = `the index holds item ${entry.itemId} otherwise than the log: ${fields}`;
    return [...unlike, this.#difference(entry, what)];
  }

  #laterFact(record: LoggedRecord, entry: LeafEntry, item: Item | undefined): Difference[] {
    if (item === undefined || item.firstOffset >= entry.offset) return [this.#missing(entry)];
    const isThere =
      factOffsets(item).includes(entry.offset) || isSecondDeletion(item, record.value!, entry.offset);
    return isThere ? [] : [this.#difference(entry, `item ${entry.itemId} lacks this event of it`)];
  }

  #missing(entry: LeafEntry): Difference {
    return this.#difference(entry, `item ${entry.itemId} is in the ledger but missing from the index`);
  }

  #unknown(document: IndexDocument): Difference {
    return {
      partition: this.#partition.partition,
      offset: document.firstOffset,
      itemId: document.id,
      what: `item ${document.id} is in the index but no event of the log began it`,
    };
  }

  #difference(entry: LeafEntry, what: string): Difference {
    return {
      partition: this.#partition.partition,
      offset: entry.offset,
      ...(entry.itemId === undefined ? {} : { itemId: entry.itemId }),
      what,
    };
  }
}

/** The item after each of its facts; none from the first record on that is not the one the ledger recorded. */
const replay = (document: IndexDocument, { record, entry, facts }: Replayed): readonly State[] => {
  const states: State[] = [];
  const fold = (fact: LoggedRecord, factEntry: LeafEntry): void => {
    if (hash('sha256', fact.value ?? '', 'hex') !== factEntry.valueHash) return;
    const item = replayRecord(fact, factEntry, states.at(-1)?.item);
    if (item !== undefined) states.push({ item, entry: factEntry });
  };
  fold(record, entry);
  if (states.length === 0) return [];
  for (const offset of laterOffsets(document)) {
    const fact = facts.get(offset);
    if (fact?.record?.value == null) continue;
    const factEntry = fact.entry ?? pendingEntry(offset, fact.record.value, entry);
    // What the document claims to hold but the ledger put elsewhere is left out, and so shows as a difference.
    if (factEntry.itemId === entry.itemId) fold(fact.record, factEntry);
  }
  return states;
};

/** The entry that a fact which the ledger does not account for yet will get, if it is one of this item. */
const pendingEntry = (offset: number, value: Uint8Array, { itemId }: LeafEntry): LeafEntry => ({
  offset,
  outcome: 'archived',
  valueHash: hash('sha256', value, 'hex'),
  transformVersion,
  ...(itemId === undefined ? {} : { itemId }),
});

const laterOffsets = (document: IndexDocument): number[] => {
  const offsets = new Set([document.newestOffset]);
  // Most items have one fact; an item whose JSON is damaged shows in the comparison.
  if (document.newestOffset !== document.firstOffset)
    for (const offset of factOffsetsOf(document.item)) offsets.add(offset);
  return [...offsets].filter((offset) => offset > document.firstOffset).sort((a, b) => a - b);
};

const factOffsetsOf = (json: string): number[] => {
  try {
    return factOffsets(Item.parse(JSON.parse(json)));
  } catch {
    return [];
  }
};

const fieldsThatDiffer = (found: IndexDocument, expected: IndexDocument): string[] =>
  (Object.keys(expected) as (keyof IndexDocument)[]).filter(
    (field) => !isDeepStrictEqual(found[field], expected[field]),
  );
