import { hash } from 'node:crypto';
import type { EventId } from '../../schemas/ids.ts';

/** What an importer makes of one line or element: an event (or what could not be read, as a record) or nothing, with the reason. */
export type ImportRecord = AppendableRecord | { readonly kind: 'skipped'; readonly reason: string };

export interface AppendableRecord {
  readonly kind: 'append';
  readonly id: string;
  readonly contentHash: string;
  readonly value: Uint8Array;
}

/** Where a line stands. `container` is the file's name in its folder, so that ids survive a move of the folder. */
export interface LinePlace {
  readonly source: 'irc' | 'jsonl' | 'slack';
  readonly container: string;
  /** Set for IRC: two channels may have files of one name. */
  readonly conversation?: string;
  readonly line: number;
}

/** SHA-256 of where the line stands and its raw bytes without line end. */
export const lineEventId = (place: LinePlace, bytes: Uint8Array): EventId => {
  const where = `${JSON.stringify([place.source, place.container, place.conversation ?? null, place.line])}\n`;
  return hash('sha256', Buffer.concat([Buffer.from(where), bytes]), 'hex') as EventId;
};

export const importSource = (source: LinePlace['source']): string => `urn:holdfast:importer:${source}`;
