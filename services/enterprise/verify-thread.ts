import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifyReport } from '../../schemas/api/archive-operations.ts';
import type { EnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import { enterpriseHeadKeeper } from '../adapters/files/kept-head.ts';
import { hostInThread } from '../adapters/threads/host-in-thread.ts';
import type { Steps } from '../archiver/steps.ts';
import { verifyArchive } from '../verifier/verify-archive.ts';
import { openEngines } from './open-engines.ts';

/** Survives structured clone. */
export interface VerifierArgument {
  readonly settings: EnterpriseSettings;
  readonly publicKeyPem: string;
  /** A folder of this process; a new view of the ledger is made in it and removed. */
  readonly stateFolder: string;
}

interface Verifier extends AsyncDisposable {
  verify(): Steps<VerifyReport>;
}

/** Reads everything from the engines themselves, as they are: what is missing or blocked is evidence, and stays so. */
export const openVerifier = async (argument: VerifierArgument): Promise<Verifier> => {
  const { settings, stateFolder } = argument;
  const resources = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(stateFolder, 'verify-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const engines = resources.use(
      await openEngines(settings, { stateFolder: folder, notice: () => undefined, asItIs: true }),
    );
    const publicKey = createPublicKey(argument.publicKeyPem);
    const { installation } = settings.config;
    const keptHead = await (await enterpriseHeadKeeper(settings)).newest();
    return {
      verify: () => verifyArchive({ ...engines, publicKey, installation, keptHead }),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

/** A verification in a thread that lives as long as it. */
export async function* verifyInThread(argument: VerifierArgument): Steps<VerifyReport> {
  await using verifier = await hostInThread<Verifier, VerifierArgument>({
    module: new URL(import.meta.url),
    open: 'openVerifier',
    argument,
    shape: { verify: 'stream' },
    name: 'verify',
    fault: 'LedgerUnavailable',
  });
  yield* verifier.verify();
}
