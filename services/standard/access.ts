import type { Config } from '../../schemas/config/config.ts';
import { readServerFile } from '../adapters/files/server-file.ts';
import { systemRandom } from '../adapters/system/random.ts';
import type { ServeOptions } from '../cli/command-context.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { ArchiveAccess } from '../cli/with-archive.ts';
import { HoldfastError } from '../core/errors.ts';
import { connectArchive } from '../search-api/http/connect-archive.ts';
import { openStandard, type StandardEdition } from './compose.ts';
import { serveArchive } from './serve-archive.ts';

/** How commands reach an archive of the Standard Edition. */
export const access: ArchiveAccess = {
  openHere: async ({ data, timeZone }, { terminal, ...options }) => {
    await using opened = new AsyncDisposableStack();
    const edition = opened.use(
      await openStandard({ data, timeZone, ...options, notice: noticeOn(terminal) }),
    );
    for (const warning of warningsOf(edition)) terminal.err(`warning: ${warning}`);
    await edition.ready();
    opened.move();
    return edition;
  },
  connect: async (server) => ({
    archive: connectArchive(server),
    [Symbol.asyncDispose]: async () => undefined,
  }),
  serverOf: async (config) => readServerFile(config.data),
};

const noticeOn =
  (terminal: Terminal) =>
  (text: string): void =>
    terminal.err(`warning: ${text}`);

const warningsOf = ({ folder }: StandardEdition): readonly string[] =>
  folder.readOnly
    ? [
        ...folder.warnings,
        `${folder.path} cannot be written: only search, show and verify work, and they are not audited`,
      ]
    : folder.warnings;

/** Page and API until the signal aborts; everything is closed when this resolves. */
export const serve = async (config: Config, options: ServeOptions): Promise<void> => {
  const { terminal } = options;
  const { data, timeZone, logLevel, host, port } = config;
  await using edition = await openStandard({ data, timeZone, notice: noticeOn(terminal) });
  const { archive, log, ledger, folder, status, ready } = edition;
  if (folder.readOnly) throw new HoldfastError('ReadOnly', { detail: `A server must write to ${data}.` });
  for (const warning of warningsOf(edition)) terminal.err(`warning: ${warning}`);
  const token = Buffer.from(systemRandom.bytes(24)).toString('base64url');
  const announce = async (url: string): Promise<AsyncDisposable> => {
    const announced = await folder.announceServer({ url, token });
    terminal.err(`Holdfast serves ${url} for this machine only; data in ${data}`);
    return announced;
  };
  const server = { host, port };
  await serveArchive({ archive, log, ledger, status, ready, token, logLevel, server, announce }, options);
};
