import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LeafEntry } from '../../../schemas/archive/ledger.ts';
import type { LedgerRanges, StoredRange } from './ledger-ranges.ts';

/** Where an event id was claimed. */
export interface Occurrence {
  readonly partition: number;
  readonly entry: LeafEntry;
}

/** Event ids kept in memory before they are written in one sorted go. */
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
  readonly #isWritten: StatementSync;
  readonly #places: StatementSync;
  readonly #insert: StatementSync;
  /** Places of the event ids claimed in the newest ranges; more than one of an id that was used with other content. */
  #tail = new Map<string, number[]>();
  /** The table covers ranges up to `#written`, the tail those after it up to `#read`. */
  #written = -1;
  #read = -1;

  constructor(db: DatabaseSync, ranges: LedgerRanges) {
    this.#ranges = ranges;
    this.#through = db.prepare('SELECT range FROM occurrences_through');
    this.#setThrough = db.prepare('UPDATE occurrences_through SET range = ?');
    this.#isWritten = db.prepare('SELECT 1 FROM occurrences WHERE key = ?');
    this.#places = db.prepare('SELECT place FROM occurrences WHERE key = ?');
    this.#insert = db.prepare('INSERT OR IGNORE INTO occurrences VALUES (?, ?)');
  }

  /** Occurrences of those ids that have any, the first one first. */
  find(eventIds: readonly string[]): Map<string, readonly [Occurrence, ...Occurrence[]]> {
    this.#catchUp();
    const candidates = eventIds.flatMap((eventId) => this.#candidatesOf(eventId));
    // In order of place, so that each range is read once however the ids are mixed.
    candidates.sort((left, right) => left.places[0]! - right.places[0]!);
    const found = new Map<string, readonly [Occurrence, ...Occurrence[]]>();
    for (const { eventId, places } of candidates) {
      const [first, ...others] = this.#claimsAt(eventId, places);
      if (first) found.set(eventId, [first, ...others]);
    }
    return found;
  }

  /** Within the transaction that adds a range, before it: writes the tail when it is long enough. */
  prepareToGrow(): void {
    this.#catchUp();
    if (this.#tail.size < tailLimit) return;
    const rows = [...this.#tail].flatMap(([eventId, places]) =>
      places.map((place) => [keyOf(eventId), place] as const),
    );
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

  #remember({ partition, from, to, claimAt }: StoredRange): void {
    for (let offset = from; offset < to; offset++) {
      const eventId = claimAt(offset);
      if (eventId === undefined) continue;
      const place = offset * partitionBase + partition;
      const before = this.#tail.get(eventId);
      if (before === undefined) this.#tail.set(eventId, [place]);
      else before.push(place);
    }
  }

  /** Nearly every id is new: that must be found out with one cheap statement. */
  #candidatesOf(eventId: string): { eventId: string; places: readonly number[] }[] {
    const key = keyOf(eventId);
    const written = this.#isWritten.get(key) ? this.#places.all(key).map(({ place }) => Number(place)) : [];
    const newest = this.#tail.get(eventId);
    const places = newest === undefined ? written : [...written, ...newest];
    return places.length === 0 ? [] : [{ eventId, places }];
  }

  /** Keys are short, so the entry itself decides; of several, the one whose range came first is first. */
  #claimsAt(eventId: string, places: readonly number[]): Occurrence[] {
    const claims = places.flatMap((place) => {
      const partition = place % partitionBase;
      const offset = Math.floor(place / partitionBase);
      const range = this.#ranges.at(partition, offset);
      return range?.claimAt(offset) === eventId ? [{ range, offset }] : [];
    });
    return claims
      .sort((a, b) => a.range.id - b.range.id || a.offset - b.offset)
      .map(({ range, offset }) => ({ partition: range.partition, entry: range.entryAt(offset) }));
  }
}

const keyOf = (eventId: string): number => hash('sha256', eventId, 'buffer').readUIntBE(0, 6);
