import type { ArchiveIndex } from '../../ports/archive-index.ts';
import { hostInThread } from '../threads/host-in-thread.ts';
import type { Shape } from '../threads/shape.ts';
import { SqliteArchiveIndex, type SqliteArchiveIndexOptions } from './archive-index/archive-index.ts';
import { toIndexFault } from './archive-index/index-fault.ts';

/** The index in this thread. For threads that own their connection. Makes the index where there is none. */
export const openSqliteArchiveIndex = async (options: SqliteArchiveIndexOptions): Promise<ArchiveIndex> => {
  try {
    return new SqliteArchiveIndex(options);
  } catch (error) {
    throw toIndexFault(error, options.path);
  }
};

/** For whoever hosts an index in a thread. */
export const archiveIndexShape: Shape<ArchiveIndex> = {
  put: 'call',
  get: 'call',
  search: 'call',
  conversation: 'call',
  counts: 'call',
  itemsBelow: 'call',
  scan: 'call',
  checkIntegrity: 'call',
  remove: 'call',
  correct: 'call',
  refresh: 'call',
  touched: 'call',
  searchableWatermark: 'call',
  rebuild: { object: { put: 'call', get: 'call', freeze: 'call', commit: 'call' } },
};

/** The index in a thread of its own: no call blocks this one. */
export const hostSqliteArchiveIndex = (options: SqliteArchiveIndexOptions): Promise<ArchiveIndex> =>
  hostInThread<ArchiveIndex, SqliteArchiveIndexOptions>({
    module: new URL(import.meta.url),
    open: 'openSqliteArchiveIndex',
    argument: options,
    shape: archiveIndexShape,
    name: options.readOnly === true ? 'search' : 'index',
    fault: 'IndexUnavailable',
  });
