import { hash } from 'node:crypto';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import type { EventId } from '../../schemas/ids.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import { isLaterEvent } from '../core/item/facts.ts';
import { foldFact } from '../core/item/fold-item.ts';
import { toIndexDocument } from '../core/item/index-document.ts';
import type { LoggedRecord } from '../ports/event-log.ts';

/** A record read and, for an event that begins an item, the item and document it makes when nothing else is known. */
export type PreparedRecord =
  | {
      readonly ok: true;
      readonly event: ImEvent;
      readonly valueHash: string;
      readonly contentHash: string;
      readonly begun?: { readonly item: Item; readonly document: IndexDocument };
    }
  | {
      readonly ok: false;
      readonly valueHash: string;
      readonly reason: string;
      readonly eventId?: EventId;
      readonly contentHash?: string;
    };

/** What can be done to a record without knowing any other: the costly part, so it may run in another thread. */
export const prepareRecord = (record: LoggedRecord): PreparedRecord => {
  if (record.value === null)
    return {
      ok: false,
      valueHash: hash('sha256', '', 'hex'),
      reason: 'the record was erased before it was read',
    };
  const valueHash = hash('sha256', record.value, 'hex');
  const decoded = decodeEvent(record.value);
  if (!decoded.ok) {
    const { unparsed: _, ...unreadable } = decoded;
    return { ...unreadable, valueHash };
  }
  const { event, contentHash } = decoded;
  if (isLaterEvent(event)) return { ok: true, event, valueHash, contentHash };
  const item = foldFact(undefined, factOf(record, event));
  return { ok: true, event, valueHash, contentHash, begun: { item, document: toIndexDocument(item) } };
};

/** Prepares a batch, here or in a worker thread. */
export type PrepareBatch = (records: readonly LoggedRecord[]) => Promise<readonly PreparedRecord[]>;

export const prepareHere: PrepareBatch = async (records) => records.map(prepareRecord);

export const factOf = (record: LoggedRecord, event: ImEvent) => ({
  event,
  generation: record.position.generation,
  partition: record.position.partition,
  offset: record.position.offset,
  loggedAt: record.loggedAt,
});
