import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type LeafEntry,
  type OutcomeKind,
  type RangeProposal,
  SignedHead,
} from '../../../schemas/archive/ledger.ts';
import { HoldfastError } from '../../core/errors.ts';
import { failpoint } from '../../core/failpoint.ts';
import type { Claim } from '../../core/ledger/claim-with.ts';
import { continues, frontierAfter } from '../../core/ledger/judge-proposal.ts';
import type {
  FirstOccurrence,
  Frontier,
  Ledger,
  PartitionName,
  ProposalResult,
  RangeRecord,
} from '../../ports/ledger.ts';
import { type ConnectionOptions, isReadOnly } from './connection.ts';
import { toLedgerFault } from './ledger-fault.ts';
import { LedgerRanges } from './ledger-ranges.ts';
import { type Occurrence, OccurrenceIndex } from './occurrence-index.ts';
import { transact } from './transact.ts';

export interface SqliteLedgerOptions extends ConnectionOptions {
  readonly path: string;
}

const cacheKiB = 16_384;

/** The ledger in a file, spoken to by the thread that opened it; each call blocks for as long as SQLite takes. */
export class SqliteLedger implements Ledger {
  readonly #options: SqliteLedgerOptions;
  readonly #db: DatabaseSync;
  readonly #ranges: LedgerRanges;
  readonly #occurrences: OccurrenceIndex;
  readonly #quarantine: StatementSync;
  readonly #quarantined: StatementSync;
  readonly #count: StatementSync;
  readonly #counts: StatementSync;
  readonly #insertHead: StatementSync;
  readonly #heads: StatementSync;
  readonly #headsWith: StatementSync;

  constructor(db: DatabaseSync, options: SqliteLedgerOptions) {
    this.#db = db;
    this.#options = options;
    // Event ids are looked up in no order: the pages of their table should stay.
    db.exec(`PRAGMA cache_size = -${cacheKiB}`);
    this.#ranges = new LedgerRanges(db);
    this.#occurrences = new OccurrenceIndex(db, this.#ranges);
    this.#quarantine = db.prepare('INSERT INTO quarantined VALUES (?, ?)');
    this.#quarantined = db.prepare(
      'SELECT offset FROM quarantined WHERE partition = ? AND offset >= ? ORDER BY offset LIMIT ?',
    );
    this.#count = db.prepare(
      'INSERT INTO outcomes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
    );
    this.#counts = db.prepare('SELECT outcome, count FROM outcomes WHERE partition = ?');
    this.#insertHead = db.prepare('INSERT INTO heads (head) VALUES (?)');
    this.#heads = db.prepare('SELECT head FROM heads ORDER BY id DESC LIMIT ?');
    this.#headsWith = db.prepare('SELECT head FROM heads WHERE instr(head, ?) > 0 ORDER BY id DESC');
  }

  async propose(proposal: RangeProposal): Promise<ProposalResult> {
    this.#assertWritable();
    return this.#attempt(() => transact(this.#db, () => this.#judge(proposal)));
  }

  async frontier(partition: PartitionName): Promise<Frontier> {
    return this.#attempt(() => this.#ranges.frontier(this.#ranges.numberOf(partition)));
  }

  async *ranges(partition: PartitionName, fromOffset: number): AsyncGenerator<RangeRecord, void, void> {
    for (let next = fromOffset; ; ) {
      const range = this.#attempt(() => {
        const number = this.#ranges.numberOf(partition);
        return number === undefined ? undefined : this.#ranges.whole(partition, number, next);
      });
      if (!range) return;
      yield range;
      next = range.to;
    }
  }

  async entries(
    partition: PartitionName,
    offsets: readonly number[],
  ): Promise<readonly (LeafEntry | undefined)[]> {
    return this.#attempt(() => this.#entriesAt(this.#ranges.numberOf(partition), offsets));
  }

  async find(eventIds: readonly string[]): Promise<ReadonlyMap<string, FirstOccurrence>> {
    return this.#attempt(() => {
      const found = [...this.#occurrences.find(eventIds)];
      return new Map(found.map(([eventId, occurrences]) => [eventId, this.#toFirst(occurrences)]));
    });
  }

  async quarantined(
    partition: PartitionName,
    fromOffset: number,
    limit: number,
  ): Promise<readonly LeafEntry[]> {
    return this.#attempt(() => {
      const number = this.#ranges.numberOf(partition);
      if (number === undefined) return [];
      const offsets = this.#quarantined.all(number, fromOffset, limit).map(({ offset }) => Number(offset));
      return this.#entriesAt(number, offsets).filter((entry) => entry !== undefined);
    });
  }

  async counts(partition: PartitionName): Promise<Readonly<Record<OutcomeKind, number>>> {
    const counts = { archived: 0, conflict: 0, duplicate: 0, refused: 0, quarantined: 0, control: 0 };
    const number = this.#attempt(() => this.#ranges.numberOf(partition));
    const rows = number === undefined ? [] : this.#attempt(() => this.#counts.all(number));
    for (const { outcome, count } of rows) counts[outcome as OutcomeKind] = Number(count);
    return counts;
  }

  async appendHead(head: SignedHead): Promise<void> {
    this.#assertWritable();
    this.#attempt(() => this.#insertHead.run(JSON.stringify(head)));
  }

  async heads(limit: number): Promise<readonly SignedHead[]> {
    return this.#attempt(() => this.#heads.all(limit)).map(({ head }) => this.#toHead(String(head)));
  }

  async findHead(signature: string): Promise<SignedHead | undefined> {
    const rows = this.#attempt(() => this.#headsWith.all(signature));
    return rows.map(({ head }) => this.#toHead(String(head))).find((head) => head.signature === signature);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
  }

  #judge(proposal: RangeProposal): ProposalResult {
    const known = this.#ranges.numberOf(proposal);
    const frontier = this.#ranges.frontier(known);
    if (!continues(frontier, proposal)) return { won: false, frontier };
    const next = frontierAfter(frontier, proposal);
    const number = known ?? this.#ranges.addPartition(proposal);
    this.#occurrences.prepareToGrow();
    this.#ranges.insert(number, proposal, next.peaks);
    this.#account(number, proposal.entries);
    return { won: true, frontier: next };
  }

  #account(number: number, entries: readonly LeafEntry[]): void {
    const counts = new Map<OutcomeKind, number>();
    for (const { outcome, offset } of entries) {
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (outcome !== 'quarantined') continue;
      this.#quarantine.run(number, offset);
      failpoint('ledger.quarantine-recorded');
    }
    for (const [outcome, count] of counts) this.#count.run(number, outcome, count);
  }

  #entriesAt(number: number | undefined, offsets: readonly number[]): (LeafEntry | undefined)[] {
    if (number === undefined) return offsets.map(() => undefined);
    return offsets.map((offset) => this.#ranges.at(number, offset)?.entryAt(offset));
  }

  #toHead(json: string): SignedHead {
    try {
      return SignedHead.parse(JSON.parse(json));
    } catch (cause) {
      const { path } = this.#options;
      throw new HoldfastError(
        'DataFolderInvalid',
        { detail: `${path} holds a tree head that is none.`, path },
        { cause },
      );
    }
  }

  #toFirst([first, ...rest]: readonly [Occurrence, ...Occurrence[]]): FirstOccurrence {
    const { outcome, itemId } = first.entry;
    const name = this.#ranges.nameOf(first.partition);
    const others = rest.map((occurrence) => this.#toClaim(occurrence));
    return {
      ...name,
      ...this.#toClaim(first),
      outcome,
      ...(itemId !== undefined && { itemId }),
      ...(others.length > 0 && { others }),
    };
  }

  #toClaim({ partition, entry: { offset, contentHash = '' } }: Occurrence): Claim {
    return { partition: this.#ranges.nameOf(partition).partition, offset, contentHash };
  }

  #assertWritable(): void {
    if (isReadOnly(this.#options)) throw new HoldfastError('ReadOnly');
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toLedgerFault(error, this.#options.path);
    }
  }
}
