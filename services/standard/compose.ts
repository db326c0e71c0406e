import type { Config } from '../../schemas/config/config.ts';
import { type DataFolder, openDataFolder } from '../adapters/files/data-folder.ts';
import { hostSqliteArchiveIndex } from '../adapters/sqlite/open-archive-index.ts';
import { hostSqliteEventLog } from '../adapters/sqlite/open-event-log.ts';
import { openSqliteLedger } from '../adapters/sqlite/open-ledger.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRandom } from '../adapters/system/random.ts';
import { GovernanceView } from '../governance/governance-view.ts';
import type { Archive } from '../search-api/archive.ts';
import { createArchive } from '../search-api/create-archive.ts';
import { keepSigning } from '../signer/sign-heads.ts';
import { type FolderPaths, hostArchiver } from './archiver-thread.ts';
import { verifyInThread } from './verify-thread.ts';

/** How often new tree heads are signed while something is archived. */
const signIntervalMs = 1000;

export interface StandardEdition extends AsyncDisposable {
  readonly archive: Archive;
  readonly folder: DataFolder;
  /** Resolves when everything in the log now is accounted for and searchable. */
  settled(): Promise<void>;
}

/**
 * The Standard Edition in this process: the log in a thread of its own, the archiver in another with index and
 * ledger, searches in a third; this thread only serves.
 */
export const openStandard = async (config: Pick<Config, 'data' | 'timeZone'>): Promise<StandardEdition> => {
  const resources = new AsyncDisposableStack();
  try {
    const folder = resources.use(await openDataFolder(config.data));
    const paths: FolderPaths = { ...folder.paths, partitions: folder.partitions };
    const log = resources.use(
      await hostSqliteEventLog({ path: paths.log, partitions: paths.partitions, clock: systemClock }),
    );
    const archiver = resources.use(await hostArchiver(paths));
    const ledger = resources.use(await openSqliteLedger({ path: paths.ledger }));
    const index = resources.use(
      await hostSqliteArchiveIndex({ path: paths.index, partitions: paths.partitions.im, readOnly: true }),
    );
    const { installation } = folder;
    const stopSigning = new AbortController();
    const signing = keepSigning(
      { log, ledger, signer: folder.signer, clock: systemClock, installation },
      { intervalMs: signIntervalMs, signal: stopSigning.signal },
    );
    resources.defer(async () => {
      await archiver.processAll();
      stopSigning.abort();
      await signing;
    });
    const archive = createArchive({
      log,
      ledger,
      index,
      archiver,
      governance: new GovernanceView(log),
      clock: systemClock,
      random: systemRandom,
      installation,
      timeZone: config.timeZone,
      verify: () => verifyInThread({ ...paths, publicKeyPem: folder.publicKeyPem, installation }),
    });
    return {
      archive,
      folder,
      settled: () => archiver.processAll(),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};
