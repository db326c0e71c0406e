import { withTransfer } from '../threads/transfers.ts';
import type { PlacedRecord, StoredRecord } from './log-store.ts';

/** Records as they cross to the log's thread: a handful of buffers instead of an object for each record. */
export interface PackedAppend {
  readonly slots: Uint16Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
  readonly keys: readonly string[];
  readonly values: Uint8Array<ArrayBuffer>;
  readonly nowMs: number;
}

/** And back. A length of -1 is an erased value, -2 a record that was never logged. */
export interface PackedRecords {
  readonly times: Float64Array<ArrayBuffer>;
  readonly lengths: Int32Array<ArrayBuffer>;
  readonly keys: readonly string[];
  readonly values: Uint8Array<ArrayBuffer>;
}

const erased = -1;
const absent = -2;

export const packAppend = (records: readonly PlacedRecord[], nowMs: number): PackedAppend => {
  const slots = Uint16Array.from(records, ({ slot }) => slot);
  const lengths = Uint32Array.from(records, ({ value }) => value.byteLength);
  const values = concatenate(records.map(({ value }) => value));
  const keys = records.map(({ key }) => key);
  return withTransfer({ slots, lengths, keys, values, nowMs }, [slots.buffer, lengths.buffer, values.buffer]);
};

export const unpackAppend = ({ slots, lengths, keys, values }: PackedAppend): PlacedRecord[] => {
  let at = 0;
  return keys.map((key, index) => {
    const value = values.subarray(at, at + lengths[index]!);
    at += value.byteLength;
    return { slot: slots[index]!, key, value };
  });
};

export const packRecords = (records: readonly (StoredRecord | undefined)[]): PackedRecords => {
  const times = Float64Array.from(records, (record) => record?.loggedAtMs ?? 0);
  const lengths = Int32Array.from(records, lengthOf);
  const values = concatenate(records.flatMap((record) => record?.value ?? []));
  const keys = records.map((record) => record?.key ?? '');
  return withTransfer({ times, lengths, keys, values }, [times.buffer, lengths.buffer, values.buffer]);
};

/** The values are views of one buffer. */
export const unpackRecords = (packed: PackedRecords): (StoredRecord | undefined)[] => {
  const { times, lengths, keys, values } = packed;
  let at = 0;
  return keys.map((key, index) => {
    const length = lengths[index]!;
    if (length === absent) return undefined;
    const value = length === erased ? null : values.subarray(at, at + length);
    at += Math.max(length, 0);
    return { loggedAtMs: times[index]!, key, value };
  });
};

const lengthOf = (record: StoredRecord | undefined): number => {
  if (!record) return absent;
  return record.value === null ? erased : record.value.byteLength;
};

const concatenate = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
};
