import { maxEventBytes } from '../../schemas/api/archive-operations.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import type { ImportRecord } from './import-record.ts';
import type { SourceLine } from './split-lines.ts';
import { unparsedRecord } from './unparsed-record.ts';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const [space, tab, carriageReturn] = [0x20, 0x09, 0x0d];

/**
 * The record of one line of events in our own schema. The event keeps its id, so it may come from anywhere twice; its
 * `importid` names this import. What does not validate is kept as it is, with the reason.
 */
export const readJsonlLine = (
  line: SourceLine,
  { container, importId }: { readonly container: string; readonly importId: string },
): ImportRecord => {
  const unparsed = (reason: string) =>
    unparsedRecord({ source: 'jsonl', container, line: line.number }, line, { reason, importId });
  if (line.cut !== undefined) return unparsed(tooLong(line.cut.totalBytes));
  const bytes = withoutByteOrderMark(line);
  if (isBlank(bytes)) return { kind: 'skipped', reason: 'blank line' };
  const decoded = decodeEvent(bytes);
  if (!decoded.ok) return unparsed(decoded.unparsed === undefined ? decoded.reason : nestedUnparsed);
  const value = Buffer.from(JSON.stringify({ ...decoded.event, importid: importId }));
  if (value.length > maxEventBytes) return unparsed(tooLong(value.length));
  return { kind: 'append', id: decoded.event.id, contentHash: decoded.contentHash, value };
};

const nestedUnparsed = 'a record of what an earlier import could not read; import its source again';

const tooLong = (bytes: number): string => `an event of ${bytes} bytes, expected at most ${maxEventBytes}`;

const withoutByteOrderMark = ({ number, bytes }: SourceLine): Uint8Array =>
  number === 1 && byteOrderMark.equals(bytes.subarray(0, 3)) ? bytes.subarray(3) : bytes;

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === space || byte === tab || byte === carriageReturn);
