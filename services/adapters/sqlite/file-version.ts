import type { DatabaseSync } from 'node:sqlite';
import { HoldfastError } from '../../core/errors.ts';

/** The version of a file's tables; 0 before they were made. */
export const fileVersion = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);

export const assertFileVersion = (db: DatabaseSync, path: string, version: number): void => {
  const found = fileVersion(db);
  if (found === version) return;
  throw new HoldfastError('DataFolderInvalid', {
    detail: `${path} is of version ${found}; this program reads version ${version}.`,
    path,
  });
};
