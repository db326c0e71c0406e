import { HoldfastError } from '../errors.ts';

/** Larger values go to the blob store first; the log refuses them. */
export const maxRecordBytes = 1024 * 1024;

/** Longest key, in UTF-16 code units: twice the longest id, for keys made of two ids. */
export const maxKeyLength = 512;

/** Refuses what no log may hold: `TooLarge` values, and keys that would not read back as they were written. */
export const assertLoggable = (record: { readonly key: string; readonly value: Uint8Array }): void => {
  const { key, value } = record;
  if (value.byteLength > maxRecordBytes) {
    throw new HoldfastError('TooLarge', {
      detail: `A record is at most ${maxRecordBytes} bytes; this one has ${value.byteLength}.`,
      maxBytes: maxRecordBytes,
      bytes: value.byteLength,
    });
  }
  if (key.length === 0 || key.length > maxKeyLength || !key.isWellFormed() || key.includes('\0')) {
    throw new HoldfastError('BadRequest', {
      detail: `A record's key is 1 to ${maxKeyLength} characters of well-formed Unicode without NUL.`,
    });
  }
};
