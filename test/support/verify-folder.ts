import type { VerifyReport } from '../../schemas/api/archive-operations.ts';
import { openDataFolder } from '../../services/adapters/files/data-folder.ts';
import type { Steps } from '../../services/archiver/steps.ts';
import { openVerifier } from '../../services/standard/verify-thread.ts';

/** Verifies a data folder as it lies there: no archiver begins first, which would put back what the index lacks. */
export const verifyFolder = async (data: string): Promise<VerifyReport> => {
  await using folder = await openDataFolder(data, { create: false });
  const { paths, partitions, publicKeyPem, installation } = folder;
  await using verifier = await openVerifier({ ...paths, partitions, publicKeyPem, installation });
  return await reportOf(verifier.verify());
};

export const reportOf = async (steps: Steps<VerifyReport>): Promise<VerifyReport> => {
  for await (const step of steps) if (step.kind === 'report') return step.report;
  throw new Error('no report');
};
