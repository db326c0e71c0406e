import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LeafEntry } from '../../../schemas/archive/ledger.ts';
import { claimsId } from '../../core/ledger/claims-id.ts';
import type { LedgerRanges, StoredRange } from './ledger-ranges.ts';

/** Where an event id was first claimed. */
export interface Occurrence {
  readonly partition: number;
  readonly entry: LeafEntry;
}

/** Entries kept in memory before they are written in one sorted go. */
const tailLimit = 16_384;
/** A place is `offset * partitionBase + partition`: exact in a double up to 2^43 offsets. */
const partitionBase = 1024;

/**
 * Finds event ids. Their keys are random, so writing each at once would dirty a page of the file for every entry; the
 * newest ranges are kept in memory instead and written together. A new process reads them back from the ranges.
 */
export class OccurrenceIndex {
  readonly #ranges: LedgerRanges;
  readonly #through: StatementSync;
  readonly #setThrough: StatementSync;
  readonly #lookUp: StatementSync;
  readonly #insert: StatementSync;
  #tail = new Map<string, Occurrence>();
  /** The table covers ranges up to `#written`, the tail those after it up to `#read`. */
  #written = -1;
  #read = -1;

  constructor(db: DatabaseSync, ranges: LedgerRanges) {
    this.#ranges = ranges;
    this.#through = db.prepare('SELECT range FROM occurrences_through');
    this.#setThrough = db.prepare('UPDATE occurrences_through SET range = ?');
    this.#lookUp = db.prepare('SELECT place FROM occurrences WHERE key = ?');
    this.#insert = db.prepare('INSERT OR IGNORE INTO occurrences VALUES (?, ?)');
  }

  /** First occurrences of those ids that have one. */
  find(eventIds: readonly string[]): Map<string, Occurrence> {
    this.#catchUp();
    const found = new Map<string, Occurrence>();
    const written = new Map(eventIds.map((eventId) => [eventId, this.#placesOf(eventId)]));
    // In order of place, so that each range is read once however the ids are mixed.
    const inOrder = [...written].sort(([, left], [, right]) => (left[0] ?? 0) - (right[0] ?? 0));
    for (const [eventId, places] of inOrder) {
      const occurrence = this.#firstAt(eventId, places) ?? this.#tail.get(eventId);
      if (occurrence) found.set(eventId, occurrence);
    }
    return found;
  }

  /** Within the transaction that adds a range, before it: writes the tail when it is long enough. */
  prepareToGrow(): void {
    this.#catchUp();
    if (this.#tail.size < tailLimit) return;
    const rows = Array.from(this.#tail, ([eventId, { partition, entry }]) => {
      return [keyOf(eventId), entry.offset * partitionBase + partition] as const;
    });
    for (const [key, place] of rows.sort(([left], [right]) => left - right)) this.#insert.run(key, place);
    this.#setThrough.run(this.#read);
  }

  #catchUp(): void {
    const written = Number(this.#through.get()?.range);
    if (written !== this.#written) {
      this.#tail = new Map();
      this.#written = written;
      this.#read = written;
    }
    for (const range of this.#ranges.after(this.#read)) {
      this.#remember(range);
      this.#read = range.id;
    }
  }

  #remember({ partition, from, to, entryAt }: StoredRange): void {
    for (let offset = from; offset < to; offset++) {
      const entry = entryAt(offset);
      if (claimsId(entry) && !this.#tail.has(entry.eventId)) {
        this.#tail.set(entry.eventId, { partition, entry });
      }
    }
  }

  #placesOf(eventId: string): readonly number[] {
    return this.#lookUp.all(keyOf(eventId)).map(({ place }) => Number(place));
  }

  /** Keys are short, so the entry itself decides; of several, the one whose range came first. */
  #firstAt(eventId: string, places: readonly number[]): Occurrence | undefined {
    const candidates = places.flatMap((place) => {
      const partition = place % partitionBase;
      const offset = Math.floor(place / partitionBase);
      const range = this.#ranges.at(partition, offset);
      const entry = range?.entryAt(offset);
      return range && entry?.eventId === eventId ? [{ range, entry }] : [];
    });
    const [first] = candidates.sort((a, b) => a.range.id - b.range.id || a.entry.offset - b.entry.offset);
    return first && { partition: first.range.partition, entry: first.entry };
  }
}

const keyOf = (eventId: string): number => hash('sha256', eventId, 'buffer').readUIntBE(0, 6);
