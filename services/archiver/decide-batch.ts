import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import type { ItemId } from '../../schemas/ids.ts';
import type { ScopeTest } from '../core/governance/scope.ts';
import { itemHash } from '../core/item/canonical.ts';
import { conflictItemId, isLaterEvent, itemIdOf } from '../core/item/facts.ts';
import { conflictItem, foldFact, transformVersion } from '../core/item/fold-item.ts';
import { toIndexDocument } from '../core/item/index-document.ts';
import type { LoggedRecord } from '../ports/event-log.ts';
import type { FirstOccurrence } from '../ports/ledger.ts';
import { factOf, type PreparedRecord } from './prepare-record.ts';

/** What is known before a batch is decided. */
export interface BatchKnowledge {
  /** First occurrences of the event ids of the batch, from the ledger. */
  readonly known: ReadonlyMap<string, First>;
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

type Prepared = Extract<PreparedRecord, { ok: true }>;
type Outcome = Omit<LeafEntry, 'offset' | 'valueHash' | 'transformVersion'>;
type First = Pick<FirstOccurrence, 'contentHash' | 'partition' | 'offset'>;

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

/** The state that one record of a batch leaves for the next. */
class Batch {
  readonly #knowledge: BatchKnowledge;
  readonly #seen = new Map<string, First>();
  readonly #touched = new Map<ItemId, { item: Item; document?: IndexDocument }>();

  constructor(knowledge: BatchKnowledge) {
    this.#knowledge = knowledge;
  }

  decide(record: LoggedRecord, prepared: PreparedRecord): LeafEntry {
    const { offset } = record.position;
    const leaf = { offset, valueHash: prepared.valueHash, transformVersion };
    if (!prepared.ok) return { ...leaf, ...this.#unreadable(record, prepared) };
    const { event, contentHash } = prepared;
    const outcome = this.#outcomeOf(record, prepared);
    // Readable but without a place: no content hash, so that sending it again later is not taken for a duplicate.
    if (outcome.outcome === 'quarantined') return { ...leaf, eventId: event.id, ...outcome };
    this.#remember(event.id, contentHash, record);
    return { ...leaf, eventId: event.id, contentHash, ...outcome };
  }

  /** What an importer could not read has an id and content of its own, so that importing it again is harmless. */
  #unreadable(
    record: LoggedRecord,
    { eventId, contentHash, reason }: Extract<PreparedRecord, { ok: false }>,
  ): Outcome {
    if (eventId === undefined) return { outcome: 'quarantined', reason };
    if (contentHash === undefined) return { outcome: 'quarantined', reason, eventId };
    const first = this.#firstOf(eventId);
    if (first?.contentHash === contentHash) return { ...duplicateOf(placeOf(first)), eventId, contentHash };
    this.#remember(eventId, contentHash, record);
    return { outcome: 'quarantined', reason, eventId, contentHash };
  }

  #remember(eventId: string, contentHash: string, { position }: LoggedRecord): void {
    if (!this.#seen.has(eventId))
      this.#seen.set(eventId, { contentHash, partition: position.partition, offset: position.offset });
  }

  #firstOf(eventId: string): First | undefined {
    return this.#seen.get(eventId) ?? this.#knowledge.known.get(eventId);
  }

  documents(): IndexDocument[] {
    return [...this.#touched.values()].map(({ item, document }) => document ?? toIndexDocument(item));
  }

  #outcomeOf(record: LoggedRecord, prepared: Prepared): Outcome {
    const { event, contentHash } = prepared;
    const first = this.#firstOf(event.id);
    if (first?.contentHash === contentHash) return duplicateOf(placeOf(first));
    if (first !== undefined) return this.#conflict(record, prepared);
    return isLaterEvent(event)
      ? this.#later(record, prepared, event.data.item)
      : this.#first(record, prepared);
  }

  #first(record: LoggedRecord, prepared: Prepared): Outcome {
    const { event, begun } = prepared;
    const id = itemIdOf(event);
    const present = this.#item(id);
    if (this.#knowledge.occupied.has(id) || (present !== undefined && !isSameConversation(present, event))) {
      return this.#conflict(record, prepared);
    }
    if (present === undefined && begun !== undefined) {
      const decision = this.#knowledge.inScope(event);
      if (!decision.archive) return { outcome: 'refused', reason: decision.reason };
      this.#touched.set(id, begun);
      return { outcome: 'archived', itemId: id, itemHash: begun.document.itemHash };
    }
    return this.#archive(id, foldFact(present, factOf(record, event)));
  }

  #later(record: LoggedRecord, { event }: Prepared, id: ItemId): Outcome {
    const present = this.#item(id);
    if (this.#knowledge.occupied.has(id) || (present !== undefined && !isSameConversation(present, event))) {
      return {
        outcome: 'quarantined',
        reason: `item ${id} belongs to another conversation; expected one of ${event.data.conversation.id}`,
      };
    }
    if (present === undefined) {
      const decision = this.#knowledge.inScope(event);
      if (!decision.archive) return { outcome: 'refused', reason: decision.reason };
    }
    return this.#archive(id, foldFact(present, factOf(record, event)));
  }

  /** A used id with other content: kept beside the first, shown in coverage. */
  #conflict(record: LoggedRecord, { event, contentHash }: Prepared): Outcome {
    const id = conflictItemId(event.id, contentHash);
    if (this.#item(id) !== undefined) return duplicateOf(`item ${id}`);
    const decision = this.#knowledge.inScope(event);
    if (!decision.archive) return { outcome: 'refused', reason: decision.reason };
    const item = conflictItem(factOf(record, event), id, itemIdOf(event));
    return {
      ...this.#archive(id, item),
      outcome: 'conflict',
      reason: `id ${event.id} was used before with other content`,
    };
  }

  #archive(id: ItemId, item: Item): Outcome {
    this.#touched.set(id, { item });
    return { outcome: 'archived', itemId: id, itemHash: itemHash(item) };
  }

  #item(id: ItemId): Item | undefined {
    return this.#touched.get(id)?.item ?? this.#knowledge.items.get(id);
  }
}

const duplicateOf = (where: string): Outcome => ({
  outcome: 'duplicate',
  reason: `same id and content as ${where}`,
});

const placeOf = (first: First): string => `${first.partition}/${first.offset}`;

const isSameConversation = (item: Item, event: ImEvent): boolean =>
  item.conversation.id === event.data.conversation.id;

/** Ids whose first occurrence must be known before the batch can be decided. */
export const eventIdsOf = (prepared: readonly PreparedRecord[]): string[] =>
  prepared.flatMap((record) => {
    const id = record.ok ? record.event.id : record.eventId;
    return id === undefined ? [] : [id];
  });

/** Ids whose items must be known before the batch can be decided; `known` as found in the ledger. */
export const itemIdsOf = (prepared: readonly PreparedRecord[], known: BatchKnowledge['known']): ItemId[] => {
  const ids = new Set<ItemId>();
  for (const record of prepared) {
    if (!record.ok) continue;
    const { event, contentHash } = record;
    ids.add(itemIdOf(event));
    const first = known.get(event.id);
    if (first !== undefined && first.contentHash !== contentHash)
      ids.add(conflictItemId(event.id, contentHash));
  }
  return [...ids];
};
