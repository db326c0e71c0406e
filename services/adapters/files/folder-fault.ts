import { HoldfastError } from '../../core/errors.ts';

/** What is wrong with a data folder; `detail` says what was expected and how to mend it. */
export const folderInvalid = (path: string, detail: string, cause?: unknown): HoldfastError =>
  new HoldfastError('DataFolderInvalid', { detail, path }, { cause });

export const hasSystemCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
