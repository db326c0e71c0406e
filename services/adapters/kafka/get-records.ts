import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggedRecord, Position } from '../../ports/event-log.ts';
import { type FillerOptions, HoleFiller } from './hole-filler.ts';
import { errorOfCode } from './kafka-wire.ts';
import type { TopicStream } from './topic-stream.ts';

/** Enough for what lies close together; a single record's batch comes whole however large it is. */
const chunkBytes = 128 * 1024;

const retryPauseMs = 50;
const mostTries = 200;
const offsetNotAvailable = 78;

/** The records at these offsets of one partition; none for an offset never logged. */
export const getRecords = async (
  stream: TopicStream,
  place: Omit<Position, 'offset'>,
  { offsets, ...options }: FillerOptions & { readonly offsets: Iterable<number> },
): Promise<ReadonlyMap<number, LoggedRecord>> => {
  const wanted = new Set(offsets);
  const found = new Map<number, LoggedRecord>();
  const end = await stream.end(place.partition);
  const existing = [...wanted].filter((offset) => offset >= 0 && offset < end);
  for (const offset of existing.sort((a, b) => a - b)) {
    // A new leader may answer for a moment as if there were less than its end.
    for (let tries = 0; !found.has(offset); tries++) {
      if (tries > 0) await sleep(retryPauseMs);
      if (tries > mostTries) throw errorOfCode(offsetNotAvailable);
      for await (const record of recordsFrom(stream, { ...place, offset }, options)) {
        if (wanted.has(record.position.offset)) found.set(record.position.offset, record);
      }
    }
  }
  return found;
};

/** The record at a position with what came in the same chunk; where it is a hole, up to the next record there is. */
async function* recordsFrom(
  stream: TopicStream,
  from: Position,
  options: FillerOptions,
): AsyncGenerator<LoggedRecord> {
  const filler = new HoleFiller(from, options);
  for (let next = from.offset; ; ) {
    const chunk = await stream.fetch({ partition: from.partition, offset: next }, chunkBytes);
    yield* filler.take(chunk);
    next = chunk.nextOffset;
    if (chunk.records.length > 0 || next >= chunk.highWatermark) return;
  }
}
