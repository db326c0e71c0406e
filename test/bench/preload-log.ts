import { join } from 'node:path';
import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { openSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { decodeEvent } from '../../services/core/conversation/decode-event.ts';
import { importFiles } from '../../services/importer/import-files.ts';
import type { ImportSink } from '../../services/importer/import-sink.ts';
import type { EventLog, NewRecord, Position } from '../../services/ports/event-log.ts';

export const partitions = { im: 4, governance: 1, audit: 1 } as const;

export interface PreloadedLog {
  readonly path: string;
  /** Each begins an item of its own. */
  readonly events: number;
}

/** A log that holds the first events of these files, about as many as asked for, and nothing else. */
export const preloadLog = async (
  folder: string,
  files: readonly string[],
  events: number,
): Promise<PreloadedLog> => {
  const path = join(folder, 'log.db');
  await using log = await openSqliteEventLog({ path, partitions, clock: systemClock });
  const enough = new AbortController();
  let appended = 0;
  const count = (records: number): void => {
    appended += records;
    if (appended >= events) enough.abort();
  };
  const ports = {
    sink: logOnly(log, count),
    files: localSourceFiles,
    clock: systemClock,
    random: new SeededRandom('bench'),
  };
  const options = { importId: 'bench', format: 'irc', conversation: '#ubuntu' } as const;
  await importFiles(files, { ...options, signal: enough.signal }, ports);
  return { path, events: appended };
};

/** Appends what can be read and accounts for nothing: no archiver runs yet. */
export const logOnly = (log: EventLog, count: (records: number) => void): ImportSink => ({
  known: async (asked) => asked.map(() => false),
  append: async (lines) => {
    const records = lines.map(toRecord);
    const readable = records.filter((record) => record !== undefined);
    const appended = (await log.append('im', readable)).values();
    count(readable.length);
    const results = records.map((record, at) =>
      record === undefined
        ? ({ line: at + 1, status: 'refused', reason: 'unread' } as const)
        : ({ line: at + 1, status: 'accepted', position: positionOf(appended) } as const),
    );
    return {
      accepted: readable.length,
      quarantined: 0,
      refused: lines.length - readable.length,
      results,
    };
  },
  outcomes: async (asked) => asked.map(() => ({ outcome: 'archived' })),
});

const toRecord = (value: Uint8Array): NewRecord | undefined => {
  const decoded = decodeEvent(value);
  return decoded.ok ? { key: decoded.event.data.conversation.id, value } : undefined;
};

const positionOf = (appended: Iterator<{ readonly position: Position }>): Position => {
  const { done, value } = appended.next();
  if (done === true) throw new Error('The log answered fewer records than it was given.');
  return value.position;
};
