import express, { type Express, type NextFunction, type Request } from 'express';
import type { Logger } from 'pino';
import type { Problem } from '../../../schemas/api/problem.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Archive } from '../archive.ts';
import { guardOrigin } from './guard-origin.ts';
import { createHandlers } from './handlers.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { mountRoutes, type ServedLocals, type ServedResponse } from './mount-routes.ts';
import { readPageFiles } from './page-files.ts';
import { problemOf, toHoldfastError } from './problems.ts';
import { logAborted, logProblem, logRequest } from './request-log.ts';

export interface AppOptions {
  readonly archive: Archive;
  /** Of server.json; administrative calls must carry it. */
  readonly token: string;
  readonly log: Logger;
  readonly metrics: HttpMetrics;
  /** Text of openapi.json, see `readOpenapi`. */
  readonly openapi: string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface HttpApp {
  readonly express: Express;
  readonly log: Logger;
  readonly clock: Clock;
  /** Resolves when no call is running any more; calls whose caller hung up may still be. */
  settled(): Promise<void>;
  /** Logs and counts a failure, and says what the caller may know of it. */
  reportProblem(error: unknown, requestId?: string): Problem;
}

/** The HTTP API as an Express application; `startServer` gives it a port. */
export const createApp = (options: AppOptions): HttpApp => {
  const { archive, token, log, metrics, openapi, clock, random } = options;
  const app = express();
  const running = new Set<Promise<void>>();
  const reportProblem = (error: unknown, requestId = newRequestId(random)): Problem => {
    const known = toHoldfastError(error);
    logProblem(log, requestId, known);
    metrics.countProblem(known.code);
    return problemOf(known, requestId);
  };
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use(begin(options));
  app.use((request, _response, next) => {
    guardOrigin(request);
    next();
  });
  const handlers = createHandlers({ archive, metrics, clock, openapi, page: readPageFiles() });
  mountRoutes(app, { handlers, token, running, reportProblem });
  app.use(() => {
    throw new HoldfastError('NotFound', { detail: 'There is no such address; /openapi.json lists them.' });
  });
  app.use(answerProblem(log, reportProblem));
  const settled = async () => void (await Promise.all(running));
  return { express: app, log, clock, settled, reportProblem };
};

/** Nothing of an answer may be kept, framed, guessed at or told to others. */
const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const newRequestId = (random: Random): string => Buffer.from(random.bytes(12)).toString('hex');

const begin =
  ({ random, clock, log, metrics }: AppOptions) =>
  (request: Request, response: ServedResponse, next: NextFunction): void => {
    const startedMs = clock.monotonicMs();
    const hungUp = new AbortController();
    const requestId = newRequestId(random);
    const locals: ServedLocals = { requestId, route: 'none', signal: hungUp.signal };
    Object.assign(response.locals, locals);
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('Holdfast-Request-Id', requestId);
    response.once('close', () => {
      if (!response.writableFinished) hungUp.abort();
      const served = {
        method: request.method,
        route: response.locals.route,
        status: response.statusCode,
        durationMs: clock.monotonicMs() - startedMs,
      };
      metrics.observeRequest(served);
      logRequest(log, requestId, served);
    });
    next();
  };

/** Express tells error middleware by its four parameters. */
const answerProblem =
  (log: Logger, reportProblem: HttpApp['reportProblem']) =>
  (error: unknown, request: Request, response: ServedResponse, _next: NextFunction): void => {
    const { requestId, signal } = response.locals;
    if (signal.aborted || (request.destroyed && !request.complete)) {
      logAborted(log, requestId);
      response.destroy();
      return;
    }
    const problem = reportProblem(error, requestId);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    const body = JSON.stringify(problem);
    response.writeHead(problem.status, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    });
    response.write(body);
    endAfter(request, response);
  };

/** What is still on its way is read and dropped: a caller that is cut off while sending never sees the answer. */
const endAfter = (request: Request, response: ServedResponse): void => {
  if (request.complete) response.end();
  else request.once('end', () => response.end()).resume();
};
