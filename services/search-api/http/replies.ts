import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** What a handler answers; `lines` is streamed as JSON Lines while it is made. */
export type Reply =
  | { readonly status: number; readonly json: object }
  | { readonly status: number; readonly lines: AsyncIterable<object> }
  | { readonly status: number; readonly text: string; readonly mediaType: string };

/** Bytes of text after which other requests get their turn. */
const turnLength = 64 * 1024;

/**
 * Writes a reply. `lastLine` makes the line that ends a stream which failed half way; before the first line a
 * failure is thrown, so that it becomes an ordinary problem.
 */
export const sendReply = async (
  response: ServerResponse,
  reply: Reply,
  lastLine: (error: unknown) => object,
): Promise<void> => {
  if ('text' in reply) {
    response.writeHead(reply.status, { 'Content-Type': `${reply.mediaType}; charset=utf-8` });
    response.end(reply.text);
  } else if ('json' in reply) await sendJson(response, reply.status, reply.json);
  else await sendLines(response, reply, lastLine);
};

const sendJson = async (response: ServerResponse, status: number, value: object): Promise<void> => {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  let pending = '';
  for (const piece of jsonPieces(value)) {
    pending += piece;
    if (pending.length < turnLength) continue;
    await write(response, pending);
    pending = '';
    await yieldToOthers();
  }
  response.end(pending);
};

/** JSON of an object, piece by piece: a page of hits or results is never stringified in one go. */
export function* jsonPieces(value: object): Generator<string> {
  let separator = '{';
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    if (Array.isArray(field)) yield* arrayPieces(field);
    else yield JSON.stringify(field);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function* arrayPieces(values: readonly unknown[]): Generator<string> {
  let separator = '[';
  for (const value of values) {
    yield `${separator}${JSON.stringify(value) ?? 'null'}`;
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

const sendLines = async (
  response: ServerResponse,
  reply: { readonly status: number; readonly lines: AsyncIterable<object> },
  lastLine: (error: unknown) => object,
): Promise<void> => {
  const iterator = reply.lines[Symbol.asyncIterator]();
  let step = await iterator.next();
  response.writeHead(reply.status, { 'Content-Type': 'application/jsonl; charset=utf-8' });
  try {
    while (step.done !== true && !response.destroyed) {
      await write(response, `${JSON.stringify(step.value)}\n`);
      step = await iterator.next();
    }
  } catch (error) {
    await write(response, `${JSON.stringify(lastLine(error))}\n`);
  } finally {
    await iterator.return?.();
  }
  response.end();
};

/** Waits for a slow reader; ends at once when the reader has gone. */
const write = async (response: ServerResponse, text: string): Promise<void> => {
  if (response.destroyed || response.write(text)) return;
  const gone = new AbortController();
  const onClose = () => gone.abort();
  response.once('close', onClose);
  try {
    await once(response, 'drain', { signal: gone.signal });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    response.off('close', onClose);
  }
};
