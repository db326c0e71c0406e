import type { VerifyReport } from '../../../schemas/api/archive-operations.ts';
import { verifyOpening } from '../../../services/cli/commands/verify.ts';
import type { Terminal } from '../../../services/cli/terminal.ts';
import { openArchive } from '../../../services/cli/with-archive.ts';
import { isHoldfastError } from '../../../services/core/errors.ts';
import { readConfig } from '../../../services/core/read-config.ts';
import { access } from '../../../services/standard/access.ts';
import { openStandard } from '../../../services/standard/compose.ts';
import { reportOf } from '../../support/verify-folder.ts';

/** What the shipped verification made of a changed archive. */
export type Verdict =
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'reported'; readonly report: VerifyReport }
  /** Neither: it threw what is no refusal. */
  | { readonly kind: 'failed'; readonly because: string };

const caller = { actor: { id: 'tester' }, purpose: 'verify' };

export const verdictOf = async (verify: () => Promise<VerifyReport>): Promise<Verdict> => {
  try {
    return { kind: 'reported', report: await verify() };
  } catch (error) {
    if (!isHoldfastError(error)) return { kind: 'failed', because: String(error) };
    return { kind: 'refused', because: `${error.code}: ${error.message}` };
  }
};

export const foundNothing = (verdict: Verdict): boolean => verdict.kind === 'reported' && verdict.report.ok;

const terminal: Terminal = { out: () => undefined, err: () => undefined, colour: false, interactive: false };

/** As `holdfast verify` does. */
export const verifyByCommand = (data: string): Promise<Verdict> =>
  verdictOf(async () => {
    const config = readConfig({ HOLDFAST_DATA: data });
    await using opened = await openArchive(access, config, { ...verifyOpening, terminal });
    return await reportOf(opened.archive.verify(caller));
  });

/** The whole edition as a server opens it, with an archiver that puts right and a signer that covers. */
export const verifyServed = (data: string): Promise<Verdict> =>
  verdictOf(async () => {
    await using edition = await openStandard({ data, timeZone: 'UTC', create: false });
    await edition.ready();
    return await reportOf(edition.archive.verify(caller));
  });
