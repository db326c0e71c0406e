import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { HoldfastError } from '../../core/errors.ts';

export interface RawRecord {
  readonly offset: number;
  readonly loggedAt: Date;
  /** The key's bytes as UTF-8; empty where a record has none. */
  readonly key: string;
  /** Exactly as stored. */
  readonly keyBytes: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** What lies in a log from some offset on: compaction leaves holes, and batches without records. */
export interface RawChunk {
  readonly records: readonly RawRecord[];
  /** Every offset below it was looked at. */
  readonly nextOffset: number;
  /** Log time of the last batch, also of an empty one. */
  readonly lastLoggedAt: Date | undefined;
}

const lengthAt = 8;
const magicAt = 16;
const attributesAt = 21;
const lastOffsetDeltaAt = 23;
const firstTimestampAt = 27;
const maxTimestampAt = 35;
const countAt = 57;
const recordsAt = 61;

const compressionMask = 0x7;
const logAppendTime = 0x8;
const controlBatch = 0x20;

/** Reads the whole batches of an answer; its last may be cut off. Records before the offset asked for are dropped. */
export const decodeBatches = (bytes: Buffer, fromOffset: number): RawChunk => {
  const records: RawRecord[] = [];
  let nextOffset = fromOffset;
  let lastLoggedAt: Date | undefined;
  for (let at = 0; at + recordsAt <= bytes.length; ) {
    const end = at + lengthAt + 4 + bytes.readInt32BE(at + lengthAt);
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    const baseOffset = readInt64(batch, 0);
    const offsetAfter = baseOffset + batch.readInt32BE(lastOffsetDeltaAt) + 1;
    lastLoggedAt = new Date(readInt64(batch, maxTimestampAt));
    if (offsetAfter > nextOffset) {
      for (const record of decodeBatch(batch, baseOffset))
        if (record.offset >= fromOffset) records.push(record);
      nextOffset = offsetAfter;
    }
    at = end;
  }
  return { records, nextOffset, lastLoggedAt };
};

const readInt64 = (bytes: Buffer, at: number): number => Number(bytes.readBigInt64BE(at));

const decodeBatch = (batch: Buffer, baseOffset: number): readonly RawRecord[] => {
  if (batch.readInt8(magicAt) !== 2) throw unreadable(`message format ${batch.readInt8(magicAt)}`);
  const attributes = batch.readInt16BE(attributesAt);
  if (attributes & controlBatch) return [];
  const firstTimestamp = readInt64(batch, firstTimestampAt);
  const appendedAt = attributes & logAppendTime ? readInt64(batch, maxTimestampAt) : undefined;
  const reader = new VarintReader(decompress(batch.subarray(recordsAt), attributes & compressionMask));
  return Array.from({ length: batch.readInt32BE(countAt) }, () => {
    const end = reader.varint() + reader.at;
    reader.at += 1; // attributes: unused
    const timestamp = firstTimestamp + reader.varint();
    const offset = baseOffset + reader.varint();
    const keyBytes = reader.bytes();
    const value = reader.bytes();
    reader.at = end; // headers: nobody's
    const key = keyBytes ? Buffer.from(keyBytes.buffer, keyBytes.byteOffset, keyBytes.length).toString() : '';
    return { offset, loggedAt: new Date(appendedAt ?? timestamp), key, keyBytes, value };
  });
};

const decompress = (bytes: Buffer, codec: number): Buffer => {
  if (codec === 0) return bytes;
  if (codec === 1) return gunzipSync(bytes);
  if (codec === 4) return zstdDecompressSync(bytes);
  throw unreadable(codec === 2 ? 'snappy compression' : 'lz4 compression');
};

const unreadable = (what: string): HoldfastError =>
  new HoldfastError('LogUnavailable', {
    detail: `A topic holds records in a form Holdfast does not read: ${what}. Holdfast alone should write there.`,
  });

class VarintReader {
  at = 0;
  readonly #from: Buffer;

  constructor(from: Buffer) {
    this.#from = from;
  }

  /** Zigzag; up to 53 bits. */
  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#from[this.at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  /** A copy: an answer of a megabyte does not live on because of one record. */
  bytes(): Uint8Array | null {
    const length = this.varint();
    if (length < 0) return null;
    const found = Uint8Array.from(this.#from.subarray(this.at, this.at + length));
    this.at += length;
    return found;
  }
}
