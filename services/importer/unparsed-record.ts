import { currentSchemaVersion, type UnparsedRecord } from '../../schemas/events/im-event.ts';
import type { EventId } from '../../schemas/ids.ts';
import { unparsedContentHash } from '../core/item/content-hash.ts';
import { type AppendableRecord, importSource, type LinePlace, lineEventId } from './import-record.ts';
import type { SourceLine } from './split-lines.ts';

/** What is kept of a line that cannot be read: with base64 and envelope it stays under the log's 1 MiB. */
export const maxUnparsedBytes = 512 * 1024;
const maxReasonLength = 900;

/** A record that holds the line's bytes, so that it is quarantined, counted, shown and can be tried again. */
export const unparsedRecord = (
  place: LinePlace,
  line: SourceLine,
  { reason, importId }: { readonly reason: string; readonly importId: string },
): AppendableRecord => {
  const record: UnparsedRecord = {
    specversion: '1.0',
    id: unparsedId(place, line),
    source: importSource(place.source),
    type: 'holdfast.import.unparsed',
    schemaversion: currentSchemaVersion,
    importid: importId,
    data: {
      origin: { source: place.source, container: place.container, line: place.line },
      reason: `${reason.slice(0, maxReasonLength).toWellFormed()}${cutNote(line)}`,
      bytes: Buffer.from(line.bytes.subarray(0, maxUnparsedBytes)).toString('base64'),
    },
  };
  return {
    kind: 'append',
    id: record.id,
    contentHash: unparsedContentHash(record),
    value: Buffer.from(JSON.stringify(record)),
  };
};

// Not the id the event would have: a later version that reads the line must not meet a conflict with its own past.
const unparsedId = (place: LinePlace, line: SourceLine): EventId =>
  `unparsed:${lineEventId(place, line.cut === undefined ? line.bytes : Buffer.from(line.cut.sha256))}` as EventId;

const cutNote = (line: SourceLine): string => {
  if (line.cut !== undefined)
    return `; kept are its first ${maxUnparsedBytes} bytes, SHA-256 ${line.cut.sha256}`;
  return line.bytes.length > maxUnparsedBytes ? `; kept are its first ${maxUnparsedBytes} bytes` : '';
};
