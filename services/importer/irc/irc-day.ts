import type { Conversation } from '../../../schemas/events/im-event.ts';
import type { SessionId } from '../../../schemas/ids.ts';
import { contentHash } from '../../core/item/content-hash.ts';
import type { Clock } from '../../ports/clock.ts';
import { type ImportRecord, type LinePlace, lineEventId } from '../import-record.ts';
import type { SourceLine } from '../split-lines.ts';
import { unparsedRecord } from '../unparsed-record.ts';
import { addressedNicks } from './addressed-nicks.ts';
import { foldNick } from './nick.ts';
import { parseIrcLine } from './parse-irc-line.ts';
import { type ReadableLine, toEvent } from './to-event.ts';

export const maxIrcLineBytes = 64 * 1024;
/** Beyond this, nicks seen first are known and later ones are not: memory stays bounded. */
const maxKnownNicks = 100_000;
const maxLength = { topic: 4096, mode: 1024, reason: 1024 } as const;

export interface IrcDayOptions {
  /** The file's name in its folder. */
  readonly container: string;
  /** YYYY-MM-DD; also the session: two files of one day are parts of one. */
  readonly date: string;
  readonly conversation: Conversation;
  readonly importId: string;
  readonly clock: Clock;
  readonly nextNonce: () => string;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Turns the lines of one day file, given in order, into records. Holds what later lines need of earlier ones. */
export class IrcDay {
  readonly #options: IrcDayOptions;
  readonly #knownNicks = new Map<string, string>();
  #lastTime = '00:00';
  #lastTopic = '';

  constructor(options: IrcDayOptions) {
    this.#options = options;
  }

  record(line: SourceLine): ImportRecord {
    const text = readText(line);
    if (typeof text !== 'string') return this.#unparsed(line, text.reason);
    if (text.trim() === '') return { kind: 'skipped', reason: 'blank line' };
    const parsed = parseIrcLine(text, (nick) => this.#knownNicks.has(foldNick(nick)));
    if (parsed.time !== undefined) this.#lastTime = parsed.time;
    if (parsed.form === 'unreadable') return this.#unparsed(line, parsed.reason);
    const fault = lengthFault(parsed);
    return fault === undefined ? this.#event(parsed, line) : this.#unparsed(line, fault);
  }

  #event(parsed: ReadableLine, line: SourceLine): ImportRecord {
    const { importId, conversation, container, date, clock, nextNonce } = this.#options;
    const event = toEvent(parsed, {
      id: lineEventId(this.#place(line), line.bytes),
      importId,
      common: {
        nonce: nextNonce(),
        sentAt: `${date}T${this.#lastTime}:00.000Z`,
        acceptedAt: clock.now().toISOString(),
        conversation,
        session: { id: date as SessionId },
        origin: { source: 'irc', container, line: line.number },
      },
      addressed: parsed.form === 'message' ? addressedNicks(parsed.text, this.#knownNicks) : [],
      lastTopic: this.#lastTopic,
    });
    this.#learn(parsed);
    return {
      kind: 'append',
      id: event.id,
      contentHash: contentHash(event),
      value: Buffer.from(JSON.stringify(event)),
    };
  }

  // Nicks count from the next line on: a file that has grown since reads the same in its old part.
  #learn(parsed: ReadableLine): void {
    if (parsed.form === 'topic' && parsed.topic !== undefined) this.#lastTopic = parsed.topic;
    for (const nick of nicksIn(parsed)) {
      if (this.#knownNicks.size < maxKnownNicks) this.#knownNicks.set(foldNick(nick), nick);
    }
  }

  #unparsed(line: SourceLine, reason: string): ImportRecord {
    return unparsedRecord(this.#place(line), line, { reason, importId: this.#options.importId });
  }

  #place(line: SourceLine): LinePlace {
    const { container, conversation } = this.#options;
    return { source: 'irc', container, conversation: conversation.id, line: line.number };
  }
}

const nicksIn = (line: ReadableLine): string[] => {
  if (line.form === 'renamed') return [line.nick, line.newNick];
  if (line.form === 'removed') return [line.nick, line.by];
  return line.nick === undefined ? [] : [line.nick];
};

const readText = (line: SourceLine): string | { readonly reason: string } => {
  const length = line.cut?.totalBytes ?? line.bytes.length;
  if (length > maxIrcLineBytes)
    return { reason: `a line of ${length} bytes, expected at most ${maxIrcLineBytes}` };
  if (line.bytes.includes(0)) return { reason: 'a NUL byte' };
  try {
    const text = strictUtf8.decode(line.bytes);
    return line.number === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
  } catch {
    return { reason: 'not valid UTF-8' };
  }
};

// Everything else is bounded by the length of a line.
const lengthFault = (parsed: ReadableLine): string | undefined => {
  for (const [field, limit] of Object.entries(maxLength)) {
    const text: unknown = Reflect.get(parsed, field);
    if (typeof text === 'string' && text.length > limit) return `a ${field} of more than ${limit} characters`;
  }
  return undefined;
};
