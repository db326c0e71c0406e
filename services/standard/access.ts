import { pino } from 'pino';
import type { Config } from '../../schemas/config/config.ts';
import { localSourceFiles } from '../adapters/files/local-source-files.ts';
import { readServerFile } from '../adapters/files/server-file.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRandom } from '../adapters/system/random.ts';
import type { ServeOptions } from '../cli/command-context.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { ArchiveAccess } from '../cli/with-archive.ts';
import { HoldfastError } from '../core/errors.ts';
import { registerArchiveMetrics } from '../search-api/http/archive-metrics.ts';
import { connectArchive } from '../search-api/http/connect-archive.ts';
import { createApp } from '../search-api/http/create-app.ts';
import { createHttpMetrics } from '../search-api/http/http-metrics.ts';
import { readOpenapi } from '../search-api/http/openapi-document.ts';
import { startServer } from '../search-api/http/start-server.ts';
import { openStandard, type StandardEdition } from './compose.ts';
import { importSamples } from './import-samples.ts';

export const sources = { files: localSourceFiles, clock: systemClock, random: systemRandom };

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
export const serve = async (
  config: Config,
  { samples, terminal, signal, port }: ServeOptions,
): Promise<void> => {
  await using edition = await openStandard({
    data: config.data,
    timeZone: config.timeZone,
    notice: noticeOn(terminal),
  });
  if (edition.folder.readOnly)
    throw new HoldfastError('ReadOnly', { detail: `A server must write to ${config.data}.` });
  for (const warning of warningsOf(edition)) terminal.err(`warning: ${warning}`);
  const token = Buffer.from(systemRandom.bytes(24)).toString('base64url');
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const metrics = createHttpMetrics();
  registerArchiveMetrics(metrics.registry, { ...edition, clock: systemClock });
  const app = createApp({
    archive: edition.archive,
    token,
    log,
    metrics,
    openapi: readOpenapi(),
    clock: systemClock,
    random: systemRandom,
  });
  await using server = await startServer(app, { host: config.host, port: port ?? config.port });
  await using _announced = await edition.folder.announceServer({ url: server.url, token });
  terminal.err(`Holdfast serves ${server.url} for this machine only; data in ${config.data}`);
  if (samples) await edition.ready();
  if (samples)
    await importSamples(
      {
        terminal,
        signal,
        caller: () => ({ actor: { id: 'local-operator' }, purpose: 'sample conversations' }),
        sources,
      },
      edition.archive,
    );
  if (!signal.aborted) terminal.err('Press Ctrl-C to stop.');
  await new Promise<void>((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  terminal.err('stopping …');
};
