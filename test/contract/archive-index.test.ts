import { join } from 'node:path';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import {
  hostSqliteArchiveIndex,
  openSqliteArchiveIndex,
} from '../../services/adapters/sqlite/open-archive-index.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { describeArchiveIndex, partitions } from './archive-index.contract.ts';

const optionsIn = (folder: string) => ({ path: join(folder, 'index.db'), partitions });

/** As composed: one thread writes, another searches what it committed. */
const writeHereReadThere = async (folder: string): Promise<ArchiveIndex> => {
  const writer = await openSqliteArchiveIndex(optionsIn(folder));
  const reader = await hostSqliteArchiveIndex({ ...optionsIn(folder), readOnly: true });
  return {
    put: (documents, basis) => writer.put(documents, basis),
    remove: (ids) => writer.remove(ids),
    correct: (corrections) => writer.correct(corrections),
    refresh: () => reader.refresh(),
    rebuild: () => writer.rebuild(),
    get: (ids) => reader.get(ids),
    search: (...request) => reader.search(...request),
    conversation: (range) => reader.conversation(range),
    counts: (offsets) => reader.counts(offsets),
    itemsBelow: (offsets) => reader.itemsBelow(offsets),
    touched: (partition, range) => reader.touched(partition, range),
    scan: (partition, fromOffset, limit) => reader.scan(partition, fromOffset, limit),
    checkIntegrity: () => reader.checkIntegrity(),
    searchableWatermark: () => reader.searchableWatermark(),
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]();
      await writer[Symbol.asyncDispose]();
    },
  };
};

describeArchiveIndex('memory', async () => new MemoryArchiveIndex({ partitions }));
describeArchiveIndex('SQLite in this thread', (folder) => openSqliteArchiveIndex(optionsIn(folder)));
describeArchiveIndex('SQLite in a thread of its own', (folder) => hostSqliteArchiveIndex(optionsIn(folder)));
describeArchiveIndex('SQLite written here, searched in another thread', writeHereReadThere);
