import { hash } from 'node:crypto';
import type { ImEvent, UnparsedRecord } from '../../../schemas/events/im-event.ts';
import { canonicalJson } from '../canonical-json.ts';

/**
 * SHA-256 of what an event says, as canonical JSON. Left out is what differs when the same thing is brought in again:
 * of the envelope `source` (names the producer and its session), `time`, `importid`, and the constants `specversion`
 * and `datacontenttype`; of the content `nonce` and `acceptedAt`. Where it stands in the log is not part of an event.
 * Same id and same content hash: a duplicate. Same id, other content hash: a conflict.
 */
export const contentHash = (event: ImEvent): string =>
  hashOf(event, { ...event.data, nonce: undefined, acceptedAt: undefined });

/** The same for what could not be read: its bytes and where they stood, not the reason, which may be worded anew. */
export const unparsedContentHash = (record: UnparsedRecord): string =>
  hashOf(record, { origin: record.data.origin, bytes: record.data.bytes });

const hashOf = (
  { id, type, schemaversion }: Pick<ImEvent | UnparsedRecord, 'id' | 'type' | 'schemaversion'>,
  said: Parameters<typeof canonicalJson>[0],
): string => hash('sha256', canonicalJson({ id, type, schemaversion, data: said }), 'hex');
