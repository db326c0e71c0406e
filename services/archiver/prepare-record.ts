import { hash } from 'node:crypto';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import type { EventId, ItemId } from '../../schemas/ids.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import { HoldfastError } from '../core/errors.ts';
import { type ScopeFacts, scopeFactsOf } from '../core/governance/scope.ts';
import { type Fact, isLaterEvent, itemIdOf } from '../core/item/facts.ts';
import { foldFact } from '../core/item/fold-item.ts';
import { toIndexDocument } from '../core/item/index-document.ts';
import type { LoggedRecord } from '../ports/event-log.ts';

/** What deciding a record needs. Small, because it crosses a thread border; the event itself is read again if folded. */
export type PreparedRecord = PreparedEvent | UnreadableRecord | ControlRecord;

export interface PreparedEvent {
  readonly ok: true;
  readonly eventId: EventId;
  readonly itemId: ItemId;
  readonly conversation: string;
  readonly scope: ScopeFacts;
  readonly valueHash: string;
  readonly contentHash: string;
  /** The document of the item this event begins when nothing else is known of it; absent for later facts. */
  readonly begun?: IndexDocument;
}

export interface UnreadableRecord {
  readonly ok: false;
  readonly valueHash: string;
  readonly reason: string;
  readonly eventId?: EventId;
  readonly contentHash?: string;
}

/** The log's own mark. */
export interface ControlRecord {
  readonly ok: false;
  readonly isControl: true;
  readonly valueHash: string;
  readonly eventId?: never;
}

/** What can be done to a record without knowing any other: the costly part, so it may run in another thread. */
export const prepareRecord = (record: LoggedRecord): PreparedRecord => {
  if (record.value === null) {
    const valueHash = hash('sha256', '', 'hex');
    if (record.control === true) return { ok: false, isControl: true, valueHash };
    return {
      ok: false,
      valueHash,
      reason: 'the record was erased before it was read',
    };
  }
  const valueHash = hash('sha256', record.value, 'hex');
  const decoded = decodeEvent(record.value);
  if (!decoded.ok) {
    const { unparsed: _, ...unreadable } = decoded;
    return { ...unreadable, valueHash };
  }
  const { event, contentHash } = decoded;
  const prepared = {
    ok: true,
    eventId: event.id,
    itemId: itemIdOf(event),
    conversation: event.data.conversation.id,
    scope: scopeFactsOf(event),
    valueHash,
    contentHash,
  } as const;
  return isLaterEvent(event)
    ? prepared
    : { ...prepared, begun: toIndexDocument(foldFact(undefined, factAt(record, event))) };
};

/** Prepares a batch, here or in a worker thread. */
export type PrepareBatch = (records: readonly LoggedRecord[]) => Promise<readonly PreparedRecord[]>;

export const prepareHere: PrepareBatch = async (records) => records.map(prepareRecord);

/** The fact a readable record is. */
export const factOf = (record: LoggedRecord): Fact => {
  const decoded = record.value === null ? undefined : decodeEvent(record.value);
  if (decoded?.ok === true) return factAt(record, decoded.event);
  const { partition, offset } = record.position;
  throw new HoldfastError('VerificationFailed', {
    detail: `Event ${partition}/${offset} was archived and can no longer be read: ${decoded?.reason ?? 'it was erased'}.`,
    partition,
    offset,
  });
};

const factAt = (record: LoggedRecord, event: ImEvent): Fact => ({
  event,
  generation: record.position.generation,
  partition: record.position.partition,
  offset: record.position.offset,
  loggedAt: record.loggedAt,
});
