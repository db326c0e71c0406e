import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { type FolderPaths, hostArchiver } from '../../services/standard/archiver-thread.ts';
import { type PreloadedLog, partitions } from './preload-log.ts';
import { type RunCost, startCost } from './processor-time.ts';

/** Everything in the log through the Standard Edition's archiver thread into a new index and ledger in `folder`. */
export const drainArchiver = async (log: PreloadedLog, folder: string): Promise<RunCost> => {
  const index = join(folder, 'index.db');
  const cost = await drain({ log: log.path, ledger: join(folder, 'ledger.db'), index, partitions });
  await using reader = await openSqliteArchiveIndex({
    path: index,
    partitions: partitions.im,
    readOnly: true,
  });
  assert.equal((await reader.counts()).items, log.events, 'items in the index after the drain');
  return cost;
};

const drain = async (paths: FolderPaths): Promise<RunCost> => {
  // Its threads are started before the clock is; archiving begins as this resolves.
  await using archiver = await hostArchiver(paths);
  const endCost = startCost();
  await archiver.processAll();
  return endCost();
};
