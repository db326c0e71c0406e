import { createPublicKey } from 'node:crypto';
import type { VerifyReport } from '../../schemas/api/archive-operations.ts';
import { headKeeperIn } from '../adapters/files/kept-head.ts';
import { openSqliteArchiveIndex } from '../adapters/sqlite/open-archive-index.ts';
import { openSqliteEventLog } from '../adapters/sqlite/open-event-log.ts';
import { openSqliteLedger } from '../adapters/sqlite/open-ledger.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { hostInThread } from '../adapters/threads/host-in-thread.ts';
import type { Steps } from '../archiver/steps.ts';
import { verifyArchive } from '../verifier/verify-archive.ts';
import type { FolderPaths } from './archiver-thread.ts';

export interface VerifierPaths extends FolderPaths {
  readonly publicKeyPem: string;
  /** The folder with the keys, and the newest head that was signed. */
  readonly keys: string;
  readonly installation: string;
  /** The folder cannot be written. */
  readonly immutable?: boolean;
}

interface Verifier extends AsyncDisposable {
  verify(): Steps<VerifyReport>;
}

/** Reads log, ledger and index through connections of its own that cannot write. */
export const openVerifier = async (paths: VerifierPaths): Promise<Verifier> => {
  const resources = new AsyncDisposableStack();
  const access = paths.immutable === true ? { immutable: true } : { readOnly: true };
  try {
    const log = resources.use(
      await openSqliteEventLog({
        path: paths.log,
        partitions: paths.partitions,
        clock: systemClock,
        ...access,
      }),
    );
    const ledger = resources.use(await openSqliteLedger({ path: paths.ledger, ...access }));
    const index = resources.use(
      await openSqliteArchiveIndex({ path: paths.index, partitions: paths.partitions.im, ...access }),
    );
    const publicKey = createPublicKey(paths.publicKeyPem);
    const { installation } = paths;
    const keptHead = await headKeeperIn(paths.keys).newest();
    return {
      verify: () => verifyArchive({ log, ledger, index, publicKey, installation, keptHead }),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

/** A verification in a thread that lives as long as it. */
export async function* verifyInThread(paths: VerifierPaths): Steps<VerifyReport> {
  await using verifier = await hostInThread<Verifier, VerifierPaths>({
    module: new URL(import.meta.url),
    open: 'openVerifier',
    argument: paths,
    shape: { verify: 'stream' },
    name: 'verify',
    fault: 'LedgerUnavailable',
  });
  yield* verifier.verify();
}
