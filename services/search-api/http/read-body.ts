import type { IncomingMessage } from 'node:http';
import { HoldfastError } from '../../core/errors.ts';

const tooLarge = (maxBytes: number): HoldfastError =>
  new HoldfastError('TooLarge', { detail: `The body may have at most ${maxBytes} bytes.` });

/** Throws `TooLarge` when the request announces more than it may send: nothing was read or done then. */
export const requireAnnouncedSize = (request: IncomingMessage, maxBytes: number): void => {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
};

/** The request as chunks. Leaving the loop keeps the socket, so that a refusal can still be answered. */
export const chunksOf = (request: IncomingMessage): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }),
});

/** The whole body, at most `maxBytes`. */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Uint8Array> => {
  requireAnnouncedSize(request, maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
};

/** Throws `BadRequest` if a call that takes no body has one: it would be dropped silently. */
export const requireNoBody = ({ headers }: IncomingMessage): void => {
  if (Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined)
    throw new HoldfastError('BadRequest', { detail: 'This call takes no body.' });
};
