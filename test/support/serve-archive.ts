import { request as httpRequest } from 'node:http';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { Clock } from '../../services/ports/clock.ts';
import type { Archive } from '../../services/search-api/archive.ts';
import { createApp } from '../../services/search-api/http/create-app.ts';
import { createHttpMetrics, type HttpMetrics } from '../../services/search-api/http/http-metrics.ts';
import { readOpenapi } from '../../services/search-api/http/openapi-document.ts';
import {
  type RunningServer,
  type ServerOptions,
  startServer,
} from '../../services/search-api/http/start-server.ts';

export const testToken = 'token-of-the-test';

export interface ServedArchive extends RunningServer {
  readonly metrics: HttpMetrics;
  /** Everything the server logged, one JSON object a line. */
  readonly logged: string[];
}

/** A real server on a free loopback port over any archive. */
export const serveArchive = async (
  archive: Archive,
  options: Partial<ServerOptions> & { clock?: Clock } = {},
): Promise<ServedArchive> => {
  const { clock = systemClock, ...given } = options;
  const logged: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const log = pino({ level: 'trace' }, sink);
  const metrics = createHttpMetrics();
  const random = new SeededRandom('http');
  const app = createApp({ archive, token: testToken, log, metrics, openapi: readOpenapi(), clock, random });
  const server = await startServer(app, { host: '127.0.0.1', port: 0, ...given });
  return { ...server, metrics, logged };
};

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request with exactly these headers: `fetch` would set or refuse some of its own. */
export const rawRequest = (
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<RawAnswer> => {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const request = httpRequest(url, { method, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
  });
  request.on('error', reject);
  request.end(body);
  return promise;
};
