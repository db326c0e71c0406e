import { setImmediate as yieldToOthers } from 'node:timers/promises';
import {
  type AppendAnswer,
  type AppendResult,
  maxEventBytes,
} from '../../../schemas/api/archive-operations.ts';
import { maxAppendBytes, maxAppendLines } from '../../../schemas/api/http-bodies.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Archive } from '../archive.ts';
import { type BodyLine, LineSplitter } from './line-splitter.ts';

/** What is given to the archive at once and held meanwhile; the archive gives way while it reads them. */
const sliceLines = 256;
const sliceBytes = 256 * 1024;

/**
 * Appends a body of JSON Lines slice by slice, in order, in bounded memory. A failure leaves the lines before it
 * appended; sending all of them again is harmless.
 */
export const appendLines = async (
  archive: Pick<Archive, 'append'>,
  chunks: AsyncIterable<Uint8Array>,
): Promise<AppendAnswer> => {
  const results: AppendResult[] = [];
  for await (const slice of slicesOf(chunks, results)) results.push(...(await appendSlice(archive, slice)));
  if (results.length === 0)
    throw new HoldfastError('BadRequest', { detail: 'Expected at least one line with an event.' });
  return answerOf(results);
};

/** The totals over results in the order of their lines. */
export const answerOf = (results: AppendResult[]): AppendAnswer => {
  const answer = { accepted: 0, quarantined: 0, refused: 0, results };
  for (const { status } of results) answer[status] += 1;
  return answer;
};

const appendSlice = async (
  archive: Pick<Archive, 'append'>,
  slice: readonly BodyLine[],
): Promise<AppendResult[]> => {
  const kept = slice.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  const appended = kept.length === 0 ? [] : (await archive.append(kept)).results;
  let next = 0;
  return slice.map(({ number, bytes }) => {
    if (bytes === undefined) return refusedAsTooLong(number);
    const result = appended[next++];
    if (result === undefined) throw new HoldfastError('Internal', { detail: 'A line has no result.' });
    return { ...result, line: number };
  });
};

export const refusedAsTooLong = (line: number): AppendResult => ({
  line,
  status: 'refused',
  reason: `expected at most ${maxEventBytes} bytes in one line`,
});

async function* slicesOf(
  chunks: AsyncIterable<Uint8Array>,
  done: readonly AppendResult[],
): AsyncGenerator<BodyLine[]> {
  const splitter = new LineSplitter(maxEventBytes);
  let slice: BodyLine[] = [];
  let bytes = 0;
  let received = 0;
  for await (const chunk of chunks) {
    // Chunks that wait already come without a turn of the event loop in between.
    await yieldToOthers();
    received += chunk.length;
    if (received > maxAppendBytes) throw overLimit(`${maxAppendBytes} bytes`, done);
    for (const line of splitter.push(chunk)) {
      slice.push(line);
      bytes += line.bytes?.length ?? 0;
      if (slice.length < sliceLines && bytes < sliceBytes) continue;
      if (done.length + slice.length > maxAppendLines) throw overLimit(`${maxAppendLines} lines`, done);
      yield slice;
      slice = [];
      bytes = 0;
    }
  }
  const last = splitter.end();
  if (last !== undefined) slice.push(last);
  if (done.length + slice.length > maxAppendLines) throw overLimit(`${maxAppendLines} lines`, done);
  if (slice.length > 0) yield slice;
}

const overLimit = (limit: string, done: readonly AppendResult[]): HoldfastError =>
  new HoldfastError('TooLarge', {
    detail: `A request may have at most ${limit}. Its lines up to line ${done.at(-1)?.line ?? 0} were appended; send the others in further requests.`,
  });
