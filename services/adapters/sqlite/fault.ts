import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

const sqliteFull = 13;
const sqliteIoError = 10;
const damaged = [11, 26];
const fewBytes = 1024 * 1024;

const resultCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;

/** Whether `node:sqlite` said so: SQLite's own errors carry its result code; a closed database is a state. */
export const isEngineError = (error: unknown): boolean =>
  resultCodeOf(error) !== undefined ||
  (error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE');

/** Whether the operating system said so, of a file or folder that we opened, flushed or renamed ourselves. */
export const isFileError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && typeof error.syscall === 'string';

/** Out of space. Growing the shared memory of the write-ahead log reports it as a mere I/O error. */
export const isDiskFull = (error: unknown, path: string): boolean => {
  const code = resultCodeOf(error);
  const isFull = isFileError(error) && (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return isFull || code === sqliteFull || (code === sqliteIoError && freeBytes(path) < fewBytes);
};

/** The file is corrupt, or no database at all. */
export const isDamaged = (error: unknown): boolean => damaged.includes(resultCodeOf(error) ?? 0);

const freeBytes = (path: string): number => {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
};
