import { ImEvent, UnparsedRecord } from '../../../schemas/events/im-event.ts';
import { EventId } from '../../../schemas/ids.ts';
import { contentHash, unparsedContentHash } from '../item/content-hash.ts';
import { describeFault } from './describe-fault.ts';
import { isNestedDeeperThan } from './nesting.ts';

/** Deeper than any event type goes; checked before parsing, so that no input can exhaust a stack. */
export const maxNesting = 32;

export type DecodedEvent =
  | { readonly ok: true; readonly event: ImEvent; readonly contentHash: string }
  /** To be quarantined. `eventId` where it could be read; `unparsed` is what an importer could not read. */
  | {
      readonly ok: false;
      readonly reason: string;
      readonly eventId?: EventId;
      readonly contentHash?: string;
      readonly unparsed?: UnparsedRecord;
    };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the value of a record of the im stream. Strict: an unknown type, field or version makes the whole value
 * unreadable, and the reason says in one line which field and what was expected, without quoting what was said.
 */
export const decodeEvent = (value: Uint8Array): DecodedEvent => {
  const parsed = parseStrictly(value);
  if ('reason' in parsed) return { ok: false, reason: parsed.reason };
  return typeOf(parsed.json) === 'holdfast.import.unparsed'
    ? decodeUnparsed(parsed.json)
    : decodeImEvent(parsed.json);
};

const parseStrictly = (value: Uint8Array): { json: unknown } | { reason: string } => {
  let text: string;
  try {
    text = strictUtf8.decode(value);
  } catch {
    return { reason: 'not valid UTF-8' };
  }
  if (isNestedDeeperThan(text, maxNesting))
    return { reason: `expected at most ${maxNesting} levels of nesting` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { reason: text.startsWith('\ufeff') ? 'byte order mark before JSON' : 'not valid JSON' };
  }
  // Valid UTF-8 cannot hold a lone surrogate; an escape can, in fields whose schema does not look for it too.
  if (/\\u[dD][89a-fA-F]/.test(text) && hasLoneSurrogate(json))
    return { reason: 'a lone surrogate is not a character' };
  return { json };
};

const decodeImEvent = (json: unknown): DecodedEvent => {
  const result = ImEvent.safeParse(json);
  if (result.success) return { ok: true, event: result.data, contentHash: contentHash(result.data) };
  return { ok: false, reason: describeFault(result.error, json), ...eventIdOf(json) };
};

const decodeUnparsed = (json: unknown): DecodedEvent => {
  const result = UnparsedRecord.safeParse(json);
  if (!result.success) return { ok: false, reason: describeFault(result.error, json), ...eventIdOf(json) };
  const unparsed = result.data;
  return {
    ok: false,
    reason: unparsed.data.reason,
    eventId: unparsed.id,
    contentHash: unparsedContentHash(unparsed),
    unparsed,
  };
};

const typeOf = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;

const eventIdOf = (json: unknown): { eventId?: EventId } => {
  if (typeof json !== 'object' || json === null || !('id' in json)) return {};
  const id = EventId.safeParse(json.id);
  return id.success ? { eventId: id.data } : {};
};

// The nesting is bounded by now.
const hasLoneSurrogate = (json: unknown): boolean => {
  if (typeof json === 'string') return !json.isWellFormed();
  if (typeof json !== 'object' || json === null) return false;
  return Object.entries(json).some(([name, member]) => !name.isWellFormed() || hasLoneSurrogate(member));
};
