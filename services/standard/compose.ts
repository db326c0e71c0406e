import type { Config } from '../../schemas/config/config.ts';
import { type DataFolder, openDataFolder } from '../adapters/files/data-folder.ts';
import { headKeeperIn } from '../adapters/files/kept-head.ts';
import { hostSqliteEventLog } from '../adapters/sqlite/open-event-log.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRandom } from '../adapters/system/random.ts';
import type { ArchiverControl, ArchiverStatus } from '../archiver/archiver.ts';
import { assertLogHolds } from '../archiver/assert-log-holds.ts';
import { restingArchiver } from '../archiver/resting-archiver.ts';
import { createAuditTrail, createUnwritableAuditTrail } from '../audit/audit-trail.ts';
import { GovernanceView } from '../governance/governance-view.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Archive } from '../search-api/archive.ts';
import { createArchive } from '../search-api/create-archive.ts';
import { startSigning } from '../signer/start-signing.ts';
import { type FolderPaths, hostArchiver } from './archiver-thread.ts';
import { hostReader } from './reader-thread.ts';
import { verifyInThread } from './verify-thread.ts';

export interface StandardEdition extends AsyncDisposable {
  readonly archive: Archive;
  readonly log: EventLog;
  readonly ledger: Ledger;
  status(): Promise<ArchiverStatus>;
  readonly folder: DataFolder;
  /** Resolves when the index was brought to the ledger; searches before are refused, because they would be incomplete. */
  ready(): Promise<void>;
  /** Resolves when everything in the log now is accounted for and searchable. */
  settled(): Promise<void>;
}

export interface StandardOptions extends Pick<Config, 'data' | 'timeZone'> {
  /** Make the data folder when there is none; default true. */
  readonly create?: boolean;
  /** Put an empty index in the place of a damaged one; the archiver fills it from the log. Default: refuse it. */
  readonly replaceDamagedIndex?: boolean;
  /** Archive and sign nothing, so that what lies there is seen as it is; default false. */
  readonly asItLies?: boolean;
  /** Told what goes wrong besides what is asked for. */
  readonly notice?: (text: string) => void;
}

/**
 * The Standard Edition in this process: the log in a thread of its own, the archiver in another with index and
 * ledger, searches and ledger reads in a third; this thread only serves. A folder that cannot be written is searched and verified only.
 */
export const openStandard = async ({
  data,
  timeZone,
  create = true,
  replaceDamagedIndex = false,
  asItLies = false,
  notice = () => undefined,
}: StandardOptions): Promise<StandardEdition> => {
  const resources = new AsyncDisposableStack();
  try {
    const folder = resources.use(await openDataFolder(data, { create }));
    const { installation, readOnly } = folder;
    const paths: FolderPaths = { ...folder.paths, partitions: folder.partitions };
    const access = readOnly ? { immutable: true } : {};
    const log = resources.use(
      await hostSqliteEventLog({
        path: paths.log,
        partitions: paths.partitions,
        clock: systemClock,
        ...access,
      }),
    );
    const reader = resources.use(await hostReader({ ...paths, immutable: readOnly }));
    const ledger = resources.use(await reader.ledger());
    await assertLogHolds(log, ledger);
    const rests = readOnly || asItLies;
    const writer = rests ? undefined : resources.use(await hostArchiver({ ...paths, replaceDamagedIndex }));
    const index = resources.use(await reader.index());
    const archiver = writer ?? restingArchiver(ledger);
    if (!rests) resources.defer(signUntilClosed({ folder, log, ledger, archiver, notice }));
    const archive = createArchive({
      log,
      ledger,
      index,
      archiver,
      audit: readOnly
        ? createUnwritableAuditTrail(log)
        : createAuditTrail({ log, clock: systemClock, random: systemRandom, installation }),
      governance: new GovernanceView(log),
      clock: systemClock,
      random: systemRandom,
      installation,
      timeZone,
      verify: () =>
        verifyInThread({
          ...paths,
          ...access,
          keys: folder.paths.keys,
          publicKeyPem: folder.publicKeyPem,
          installation,
        }),
    });
    return {
      archive,
      log,
      ledger,
      status: () => archiver.status(),
      folder,
      ready: () => archiver.caughtUp(),
      settled: () => archiver.processAll(),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

interface SigningParts {
  readonly folder: DataFolder;
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly archiver: ArchiverControl;
  readonly notice: (text: string) => void;
}

/** Begins signing; the function returned ends it with a head over everything that was archived. */
const signUntilClosed = ({ folder, log, ledger, archiver, notice }: SigningParts): (() => Promise<void>) => {
  const { signer, installation } = folder;
  const keeper = headKeeperIn(folder.paths.keys);
  const endSigning = startSigning({ log, ledger, signer, keeper, clock: systemClock, installation, notice });
  return async () => {
    try {
      await archiver.processAll();
    } catch {
      // A resting partition says so in the archiver's state; its events stay in the log for the next start.
    }
    await endSigning();
  };
};
