import { hash } from 'node:crypto';
import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import { HoldfastError } from '../core/errors.ts';
import { itemHash } from '../core/item/canonical.ts';
import { itemIdOf } from '../core/item/facts.ts';
import { conflictItem, foldFact } from '../core/item/fold-item.ts';
import type { LoggedRecord } from '../ports/event-log.ts';
import { factOf } from './prepare-record.ts';

/** The item after this record, as its recorded outcome says; `undefined` where the outcome makes none. */
export const replayRecord = (
  record: LoggedRecord,
  entry: LeafEntry,
  present: Item | undefined,
): Item | undefined => {
  if (entry.itemId === undefined || record.value === null) return undefined;
  const { partition, offset } = record.position;
  const differs = (what: string) =>
    new HoldfastError('VerificationFailed', {
      detail: `Event ${partition}/${offset}: ${what}`,
      itemId: entry.itemId,
      partition,
      offset,
    });
  if (hash('sha256', record.value, 'hex') !== entry.valueHash)
    throw differs('the logged bytes are not those the ledger recorded.');
  const fact = factOf(record);
  return entry.outcome === 'conflict'
    ? conflictItem(fact, entry.itemId, itemIdOf(fact.event))
    : foldFact(present, fact, entry.itemId);
};

/** A fact that was folded before leaves the item as it is, and its hash that of a later fact. */
export const isAsRecorded = (item: Item, entry: LeafEntry): boolean =>
  item.newestOffset !== entry.offset || itemHash(item) === entry.itemHash;
