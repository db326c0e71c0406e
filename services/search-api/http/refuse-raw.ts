import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HoldfastError } from '../../core/errors.ts';
import type { HttpApp } from './create-app.ts';

/** How long a refused caller may go on sending, so that it reads why it was refused. */
const lingerMs = 10_000;

/**
 * Answers a request that is not HTTP, too long in its head, or too slow, which Express never sees. Requests before
 * it on the same connection keep their own answers, which go first, and get no other.
 */
export const refuseRawRequests = (server: Server, app: HttpApp): void => {
  const answers = new WeakMap<Duplex, readonly ServerResponse[]>();
  const refused = new WeakSet<Duplex>();
  const unfinished = (socket: Duplex): readonly ServerResponse[] =>
    answers.get(socket)?.filter(({ writableFinished }) => !writableFinished) ?? [];
  server.on('request', ({ socket }, response) => answers.set(socket, [...unfinished(socket), response]));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    // What was refused or is being closed may go on sending: that is dropped.
    if (!socket.writable || refused.has(socket)) return;
    refused.add(socket);
    const open = unfinished(socket);
    const last = open.at(-1);
    if (last !== undefined && isAnswering(last)) {
      endAfter(last, () => void hangUp(app, socket));
      return;
    }
    // The last request is the one that is refused.
    const before = open.at(-2);
    const refuse = () => void hangUp(app, socket, rawAnswer(app, refusalOf(error)));
    if (before === undefined) refuse();
    else endAfter(before, refuse);
  });
};

/** An answer beside it would be taken for it. */
const isAnswering = ({ writableFinished, headersSent, req }: ServerResponse): boolean =>
  !writableFinished && (headersSent || req.complete);

const endAfter = (last: ServerResponse, end: () => void): void => {
  last.once('finish', end);
  // It was refused already, and waited for the rest of the request.
  if (!last.req.complete) last.end();
};

const hangUp = async ({ clock }: HttpApp, socket: Duplex, answer?: string): Promise<void> => {
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  if (answer !== undefined) socket.write(answer);
  socket.end();
  await clock.sleep(lingerMs, closed.signal).catch(() => undefined);
  socket.destroy();
};

const rawAnswer = (app: HttpApp, refusal: HoldfastError): string => {
  const problem = app.reportProblem(refusal);
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
};

const refusalOf = (error: NodeJS.ErrnoException): HoldfastError => {
  const options = { cause: error };
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HoldfastError('RequestTimeout', { detail: 'The request took too long to arrive.' }, options);
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return new HoldfastError('TooLarge', { detail: 'The head may have at most 16384 bytes.' }, options);
  return new HoldfastError('BadRequest', { detail: 'The request is not valid HTTP.' }, options);
};
