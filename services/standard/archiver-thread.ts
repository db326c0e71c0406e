import { openSqliteArchiveIndex } from '../adapters/sqlite/open-archive-index.ts';
import { openSqliteEventLog } from '../adapters/sqlite/open-event-log.ts';
import { openSqliteLedger } from '../adapters/sqlite/open-ledger.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { hostInThread } from '../adapters/threads/host-in-thread.ts';
import { Archiver, type ArchiverControl } from '../archiver/archiver.ts';
import { assertLogHoldsIndex } from '../archiver/assert-log-holds.ts';
import { GovernanceView } from '../governance/governance-view.ts';
import type { StreamName } from '../ports/event-log.ts';
import { hostPreparer } from './prepare-thread.ts';

/** Survives structured clone. */
export interface FolderPaths {
  readonly log: string;
  readonly ledger: string;
  readonly index: string;
  readonly partitions: Readonly<Record<StreamName, number>>;
}

const remedy =
  'Restore the newest log.db and ledger.db; if there are none, keep the index* files, the last copy of what is gone, in another folder, and start without them.';

interface ArchiverPaths extends FolderPaths {
  readonly replaceDamagedIndex?: boolean;
}

/** The archiver with connections of its own: it writes index and ledger without crossing a thread border. */
export const openArchiver = async (paths: ArchiverPaths): Promise<ArchiverControl> => {
  const resources = new AsyncDisposableStack();
  try {
    const log = resources.use(
      await openSqliteEventLog({ path: paths.log, partitions: paths.partitions, clock: systemClock }),
    );
    const ledger = resources.use(await openSqliteLedger({ path: paths.ledger }));
    const index = resources.use(
      await openSqliteArchiveIndex({
        path: paths.index,
        partitions: paths.partitions.im,
        ifDamaged: paths.replaceDamagedIndex === true ? 'replace' : 'refuse',
      }),
    );
    await assertLogHoldsIndex(log, index, remedy);
    const preparer = resources.use(await hostPreparer());
    const governance = new GovernanceView(log);
    const prepare = (records: Parameters<typeof preparer.prepare>[0]) => preparer.prepare(records);
    const archiver = resources.use(
      new Archiver({ log, ledger, index, governance, prepare, clock: systemClock }),
    );
    archiver.start();
    return {
      status: () => archiver.status(),
      waitFor: (partition, size) => archiver.waitFor(partition, size),
      caughtUp: () => archiver.caughtUp(),
      processAll: () => archiver.processAll(),
      rebuild: () => archiver.rebuild(),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

export const hostArchiver = (paths: ArchiverPaths): Promise<ArchiverControl> =>
  hostInThread<ArchiverControl, ArchiverPaths>({
    module: new URL(import.meta.url),
    open: 'openArchiver',
    argument: paths,
    shape: { status: 'call', waitFor: 'call', caughtUp: 'call', processAll: 'call', rebuild: 'stream' },
    name: 'archiver',
    fault: 'IndexUnavailable',
  });
