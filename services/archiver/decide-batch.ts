import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import type { ScopeTest } from '../core/governance/scope.ts';
import { itemHash } from '../core/item/canonical.ts';
import { conflictItemId } from '../core/item/facts.ts';
import { conflictItem, foldFact, transformVersion } from '../core/item/fold-item.ts';
import { toIndexDocument } from '../core/item/index-document.ts';
import { type Claim, claimWith, type FirstClaim } from '../core/ledger/claim-with.ts';
import type { LoggedRecord } from '../ports/event-log.ts';
import { factOf, type PreparedEvent, type PreparedRecord, type UnreadableRecord } from './prepare-record.ts';

/** What is known before a batch is decided. */
export interface BatchKnowledge {
  /** First occurrences of the event ids of the batch, from the ledger. */
  readonly known: ReadonlyMap<string, FirstClaim>;
  /** Items already in the index under the ids the batch may add to. */
  readonly items: ReadonlyMap<ItemId, Item>;
  /** Ids that another partition owns. */
  readonly occupied: ReadonlySet<ItemId>;
  readonly inScope: ScopeTest;
}

export interface BatchDecision {
  readonly entries: readonly LeafEntry[];
  /** The newest state of every item the batch touched. */
  readonly documents: readonly IndexDocument[];
}

type Outcome = Omit<LeafEntry, 'offset' | 'valueHash' | 'transformVersion'>;

/** Decides a batch: one outcome for every record, in order. Pure, so that a replay decides the same. */
export const decideBatch = (
  records: readonly LoggedRecord[],
  prepared: readonly PreparedRecord[],
  knowledge: BatchKnowledge,
): BatchDecision => {
  const batch = new Batch(knowledge);
  const entries = records.map((record, index) => batch.decide(record, prepared[index]!));
  return { entries, documents: batch.documents() };
};

type Touched =
  | { readonly document: IndexDocument; readonly item?: never }
  | { readonly item: Item; readonly document?: never };

/** The state that one record of a batch leaves for the next. */
class Batch {
  readonly #knowledge: BatchKnowledge;
  readonly #seen = new Map<string, FirstClaim>();
  /** The newest state of each item: the document as prepared, or the item once more was folded into it. */
  readonly #touched = new Map<ItemId, Touched>();

  constructor(knowledge: BatchKnowledge) {
    this.#knowledge = knowledge;
  }

  decide(record: LoggedRecord, prepared: PreparedRecord): LeafEntry {
    const leaf = { offset: record.position.offset, valueHash: prepared.valueHash, transformVersion };
    if ('isControl' in prepared) return { ...leaf, outcome: 'control' };
    if (!prepared.ok) return { ...leaf, ...this.#unreadable(record, prepared) };
    const { eventId, contentHash } = prepared;
    const outcome = this.#outcomeOf(record, prepared);
    // Readable but without a place: no content hash, so that sending it again later is not taken for a duplicate.
    if (outcome.outcome === 'quarantined') return { ...leaf, eventId, ...outcome };
    this.#remember(eventId, contentHash, record);
    return { ...leaf, eventId, contentHash, ...outcome };
  }

  documents(): IndexDocument[] {
    return [...this.#touched.values()].map((touched) => touched.document ?? toIndexDocument(touched.item));
  }

  /** What an importer could not read has an id and content of its own, so that importing it again is harmless. */
  #unreadable(record: LoggedRecord, { eventId, contentHash, reason }: UnreadableRecord): Outcome {
    if (eventId === undefined) return { outcome: 'quarantined', reason };
    if (contentHash === undefined) return { outcome: 'quarantined', reason, eventId };
    const same = claimWith(this.#firstOf(eventId), contentHash);
    if (same !== undefined) return { ...duplicateOf(placeOf(same)), eventId, contentHash };
    this.#remember(eventId, contentHash, record);
    return { outcome: 'quarantined', reason, eventId, contentHash };
  }

  #remember(eventId: string, contentHash: string, { position }: LoggedRecord): void {
    if (!this.#seen.has(eventId))
      this.#seen.set(eventId, { contentHash, partition: position.partition, offset: position.offset });
  }

  #firstOf(eventId: string): FirstClaim | undefined {
    return this.#knowledge.known.get(eventId) ?? this.#seen.get(eventId);
  }

  #outcomeOf(record: LoggedRecord, prepared: PreparedEvent): Outcome {
    const first = this.#firstOf(prepared.eventId);
    const same = claimWith(first, prepared.contentHash);
    if (same !== undefined) return duplicateOf(placeOf(same));
    if (first !== undefined) return this.#conflict(record, prepared);
    const present = this.#item(prepared.itemId);
    const isOurs = present?.conversation.id === prepared.conversation;
    if (this.#knowledge.occupied.has(prepared.itemId) || (present !== undefined && !isOurs)) {
      return prepared.begun === undefined ? noPlace(prepared) : this.#conflict(record, prepared);
    }
    // What is archived stays whole: a fact of an archived item is archived whatever the scope became.
    const refusal = present === undefined ? this.#refusal(prepared) : undefined;
    if (refusal !== undefined) return refusal;
    if (present === undefined && prepared.begun !== undefined) return this.#begin(prepared.begun);
    return this.#archive(foldFact(present, factOf(record)));
  }

  /** A used id with other content: kept beside the first, shown in coverage. */
  #conflict(record: LoggedRecord, prepared: PreparedEvent): Outcome {
    const { eventId, itemId, contentHash } = prepared;
    const id = conflictItemId(eventId, contentHash);
    if (this.#item(id) !== undefined) return duplicateOf(`item ${id}`);
    const outcome = this.#refusal(prepared) ?? this.#archive(conflictItem(factOf(record), id, itemId));
    return outcome.outcome === 'archived'
      ? { ...outcome, outcome: 'conflict', reason: `id ${eventId} was used before with other content` }
      : outcome;
  }

  #refusal({ scope }: PreparedEvent): Outcome | undefined {
    const decision = this.#knowledge.inScope(scope);
    return decision.archive ? undefined : { outcome: 'refused', reason: decision.reason };
  }

  #begin(document: IndexDocument): Outcome {
    this.#touched.set(document.id, { document });
    return { outcome: 'archived', itemId: document.id, itemHash: document.itemHash };
  }

  #archive(item: Item): Outcome {
    this.#touched.set(item.id, { item });
    return { outcome: 'archived', itemId: item.id, itemHash: itemHash(item) };
  }

  #item(id: ItemId): Item | undefined {
    const touched = this.#touched.get(id);
    if (touched === undefined) return this.#knowledge.items.get(id);
    return touched.item ?? (JSON.parse(touched.document.item) as Item);
  }
}

const duplicateOf = (where: string): Outcome => ({
  outcome: 'duplicate',
  reason: `same id and content as ${where}`,
});

const placeOf = ({ partition, offset }: Claim): string => `${partition}/${offset}`;

const noPlace = ({ itemId, conversation }: PreparedEvent): Outcome => ({
  outcome: 'quarantined',
  reason: `item ${itemId} belongs to another conversation; expected one of ${conversation}`,
});

/** Ids whose first occurrence must be known before the batch can be decided. */
export const eventIdsOf = (prepared: readonly PreparedRecord[]): string[] =>
  prepared.flatMap((record) => {
    return record.eventId === undefined ? [] : [record.eventId];
  });

/** Ids whose items must be known before the batch can be decided; `known` as found in the ledger. */
export const itemIdsOf = (prepared: readonly PreparedRecord[], known: BatchKnowledge['known']): ItemId[] => {
  const ids = new Set<ItemId>();
  for (const record of prepared) {
    if (!record.ok) continue;
    const { eventId, itemId, contentHash } = record;
    ids.add(itemId);
    const first = known.get(eventId);
    if (first !== undefined && claimWith(first, contentHash) === undefined)
      ids.add(conflictItemId(eventId, contentHash));
  }
  return [...ids];
};
