import { archiveIndexShape, openSqliteArchiveIndex } from '../adapters/sqlite/open-archive-index.ts';
import { ledgerShape, openSqliteLedger } from '../adapters/sqlite/open-ledger.ts';
import { hostInThread } from '../adapters/threads/host-in-thread.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { FolderPaths } from './archiver-thread.ts';

export interface ReaderPaths extends FolderPaths {
  /** The folder cannot be written. */
  readonly immutable: boolean;
}

/** Searches and ledger reads share a thread: neither may hold up the one that serves. */
interface Reader extends AsyncDisposable {
  index(): Promise<ArchiveIndex>;
  ledger(): Promise<Ledger>;
}

export const openReader = (paths: ReaderPaths): Reader => ({
  index: () =>
    openSqliteArchiveIndex({
      path: paths.index,
      partitions: paths.partitions.im,
      ...(paths.immutable ? { immutable: true } : { readOnly: true }),
    }),
  // Not read-only: signed heads are written here.
  ledger: () => openSqliteLedger({ path: paths.ledger, ...(paths.immutable ? { immutable: true } : {}) }),
  [Symbol.asyncDispose]: async () => undefined,
});

export const hostReader = (paths: ReaderPaths): Promise<Reader> =>
  hostInThread<Reader, ReaderPaths>({
    module: new URL(import.meta.url),
    open: 'openReader',
    argument: paths,
    shape: { index: { object: archiveIndexShape }, ledger: { object: ledgerShape } },
    name: 'reader',
    fault: 'IndexUnavailable',
  });
