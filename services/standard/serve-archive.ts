import { pino } from 'pino';
import type { Config } from '../../schemas/config/config.ts';
import { localSourceFiles } from '../adapters/files/local-source-files.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRandom } from '../adapters/system/random.ts';
import type { ServeOptions } from '../cli/command-context.ts';
import type { Archive } from '../search-api/archive.ts';
import { type ArchiveMetricsParts, registerArchiveMetrics } from '../search-api/http/archive-metrics.ts';
import { createApp } from '../search-api/http/create-app.ts';
import { createHttpMetrics } from '../search-api/http/http-metrics.ts';
import { readOpenapi } from '../search-api/http/openapi-document.ts';
import { type ServerOptions, startServer } from '../search-api/http/start-server.ts';
import { importSamples } from './import-samples.ts';

export const sources = { files: localSourceFiles, clock: systemClock, random: systemRandom };

export interface Served extends Omit<ArchiveMetricsParts, 'clock'> {
  readonly archive: Archive;
  readonly token: string;
  readonly logLevel: Config['logLevel'];
  readonly server: ServerOptions;
  /** Says where it is served; what it gives back is closed before the server. */
  announce(url: string): Promise<AsyncDisposable | undefined>;
  /** Resolves when samples may be imported. */
  ready(): Promise<void>;
}

/** Page and API of an archive until the signal aborts; the server is closed when this resolves. */
export const serveArchive = async (
  { archive, token, logLevel, server: options, announce, ready, ...measured }: Served,
  { samples, terminal, signal, port = options.port }: ServeOptions,
): Promise<void> => {
  const log = pino({ level: logLevel }, pino.destination({ dest: 2, sync: true }));
  const metrics = createHttpMetrics();
  registerArchiveMetrics(metrics.registry, { ...measured, clock: systemClock });
  const app = createApp({
    archive,
    token,
    log,
    metrics,
    openapi: readOpenapi(),
    clock: systemClock,
    random: systemRandom,
  });
  await using server = await startServer(app, { ...options, port });
  await using _announced = await announce(server.url);
  if (samples) {
    await ready();
    const caller = () => ({ actor: { id: 'local-operator' }, purpose: 'sample conversations' });
    await importSamples({ terminal, signal, caller, sources }, archive);
  }
  if (!signal.aborted) terminal.err('Press Ctrl-C to stop.');
  await new Promise<void>((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  terminal.err('stopping …');
};
