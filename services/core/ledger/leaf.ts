import type { DataStream, LeafEntry } from '../../../schemas/archive/ledger.ts';
import { hashLeaf } from './merkle.ts';

/** Stream, generation and partition whose tree the leaf is in. */
export interface LeafPartition {
  readonly stream: DataStream;
  readonly generation: number;
  readonly partition: number;
}

/** Changes with every change of the encoding: a leaf is recomputed years later. */
const encodingTag = 'holdfast-leaf-1';

/**
 * The bytes of an entry's leaf: a JSON array in UTF-8, fields in fixed order, `null` where absent. Nothing else of
 * the entry may influence them, and every field does, so that none can be changed unnoticed.
 */
export const leafBytes = (partition: LeafPartition, entry: LeafEntry): Uint8Array =>
  Buffer.from(
    JSON.stringify([
      encodingTag,
      partition.stream,
      partition.generation,
      partition.partition,
      entry.offset,
      entry.eventId ?? null,
      entry.outcome,
      entry.valueHash,
      entry.contentHash ?? null,
      entry.itemId ?? null,
      entry.itemHash ?? null,
      entry.reason ?? null,
      entry.transformVersion,
    ]),
  );

/** RFC 6962 leaf hash of an entry, hex. */
export const leafHashOf = (partition: LeafPartition, entry: LeafEntry): string =>
  hashLeaf(leafBytes(partition, entry));
