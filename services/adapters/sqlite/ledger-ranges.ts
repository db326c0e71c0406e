import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DataStream, LeafEntry, RangeProposal } from '../../../schemas/archive/ledger.ts';
import { emptyRoot } from '../../core/ledger/merkle.ts';
import type { Frontier, PartitionName, RangeRecord } from '../../ports/ledger.ts';
import { fromCompact, toCompact } from './compact-entries.ts';

/** A range as stored; its entries are decoded when asked for. Ranges never change, so it may be kept. */
export interface StoredRange {
  readonly id: number;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  /** The entry of that offset, which must be in the range. */
  entryAt(offset: number): LeafEntry;
  /** The event id that its entry makes known, if any. */
  claimAt(offset: number): string | undefined;
}

/** As many as concurrent partitions of an archiver, twice. */
const keptRanges = 8;

const columns = 'id, partition, from_offset, to_offset, entries, hashes';

/** The ranges of all partitions; partitions are numbered as they first appear. */
export class LedgerRanges {
  readonly #numberOf: StatementSync;
  readonly #nameOf: StatementSync;
  readonly #addPartition: StatementSync;
  readonly #last: StatementSync;
  readonly #insert: StatementSync;
  readonly #at: StatementSync;
  readonly #after: StatementSync;
  readonly #whole: StatementSync;
  readonly #names = new Map<number, PartitionName>();
  #kept: readonly StoredRange[] = [];

  constructor(db: DatabaseSync) {
    this.#numberOf = db.prepare(
      'SELECT number FROM partitions WHERE stream = ? AND generation = ? AND partition = ?',
    );
    this.#nameOf = db.prepare('SELECT stream, generation, partition FROM partitions WHERE number = ?');
    this.#addPartition = db.prepare(
      'INSERT INTO partitions (stream, generation, partition) VALUES (?, ?, ?)',
    );
    this.#last = db.prepare(
      'SELECT to_offset, root, peaks FROM ranges WHERE partition = ? ORDER BY from_offset DESC LIMIT 1',
    );
    this.#insert = db.prepare(
      `INSERT INTO ranges (partition, from_offset, to_offset, previous_root, root, peaks, governance_offset, entries,
       hashes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#at = db.prepare(
      `SELECT ${columns} FROM ranges WHERE partition = ? AND from_offset <= ? ORDER BY from_offset DESC LIMIT 1`,
    );
    this.#after = db.prepare(`SELECT ${columns} FROM ranges WHERE id > ? ORDER BY id`);
    this.#whole = db.prepare(
      'SELECT * FROM ranges WHERE partition = ? AND to_offset > ? ORDER BY from_offset LIMIT 1',
    );
  }

  numberOf({ stream, generation, partition }: PartitionName): number | undefined {
    const row = this.#numberOf.get(stream, generation, partition);
    return row && Number(row.number);
  }

  nameOf(number: number): PartitionName {
    const known = this.#names.get(number) ?? this.#readName(number);
    this.#names.set(number, known);
    return known;
  }

  addPartition({ stream, generation, partition }: PartitionName): number {
    return Number(this.#addPartition.run(stream, generation, partition).lastInsertRowid);
  }

  frontier(number: number | undefined): Frontier {
    const row = number === undefined ? undefined : this.#last.get(number);
    if (!row) return { size: 0, root: emptyRoot, peaks: [] };
    return { size: Number(row.to_offset), root: String(row.root), peaks: JSON.parse(String(row.peaks)) };
  }

  insert(number: number, proposal: RangeProposal, peaks: readonly string[]): number {
    const { from, to, previousRoot, root, governanceOffset, entries } = proposal;
    const { rows, hashes } = toCompact(entries);
    const { lastInsertRowid } = this.#insert.run(
      number,
      from,
      to,
      previousRoot,
      root,
      JSON.stringify(peaks),
      governanceOffset,
      rows,
      hashes,
    );
    return Number(lastInsertRowid);
  }

  /** The range that holds an offset. */
  at(number: number, offset: number): StoredRange | undefined {
    const isHit = (range: StoredRange) =>
      range.partition === number && range.from <= offset && offset < range.to;
    const kept = this.#kept.find(isHit);
    if (kept) return kept;
    const row = this.#at.get(number, offset);
    const range = row && toStored(row);
    if (!range || !isHit(range)) return undefined;
    this.#kept = [range, ...this.#kept].slice(0, keptRanges);
    return range;
  }

  /** Ranges stored after the one with that id, in the order stored. */
  *after(id: number): Generator<StoredRange, void, void> {
    for (const row of this.#after.iterate(id)) yield toStored(row);
  }

  /** The first range that ends beyond an offset, as it was proposed. */
  whole(partition: PartitionName, number: number, fromOffset: number): RangeRecord | undefined {
    const row = this.#whole.get(number, fromOffset);
    if (!row) return undefined;
    const { from, to, entryAt } = toStored(row);
    return {
      stream: partition.stream,
      generation: partition.generation,
      partition: partition.partition,
      from,
      to,
      previousRoot: String(row.previous_root),
      root: String(row.root),
      governanceOffset: Number(row.governance_offset),
      entries: Array.from({ length: to - from }, (_, index) => entryAt(from + index)),
      peaks: JSON.parse(String(row.peaks)),
    };
  }

  #readName(number: number): PartitionName {
    const row = this.#nameOf.get(number)!;
    return {
      stream: row.stream as DataStream,
      generation: Number(row.generation),
      partition: Number(row.partition),
    };
  }
}

const toStored = (row: Record<string, unknown>): StoredRange => {
  const from = Number(row.from_offset);
  const decoded = fromCompact({ rows: String(row.entries), hashes: row.hashes as Uint8Array }, from);
  return {
    id: Number(row.id),
    partition: Number(row.partition),
    from,
    to: Number(row.to_offset),
    entryAt: (offset) => decoded.entryAt(offset - from),
    claimAt: (offset) => decoded.claimAt(offset - from),
  };
};
