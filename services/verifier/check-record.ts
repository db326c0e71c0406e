import { hash } from 'node:crypto';
import type { Difference } from '../../schemas/api/archive-operations.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { LoggedRecord } from '../ports/event-log.ts';
import type { PartitionName } from '../ports/ledger.ts';
import { differing } from './differing.ts';

const hashOfNothing = hash('sha256', '', 'hex');
/** The log time of a broker is its clock's, which may have been set back. */
const clockToleranceMs = 3_600_000;

/** The records of a partition, in order, beside what the ledger recorded of them. */
export class CheckRecord {
  readonly #partition: PartitionName;
  #loggedAtMs = 0;

  constructor(partition: PartitionName) {
    this.#partition = partition;
  }

  record(entry: LeafEntry, record: LoggedRecord | undefined): Difference[] {
    const found = [this.#value(entry, record), this.#order(record), this.#age(record)].filter(
      (what) => what !== undefined,
    );
    return found.map((what) => ({
      ...differing(this.#partition, entry.offset, what),
      ...(entry.itemId === undefined ? {} : { itemId: entry.itemId }),
    }));
  }

  #value(entry: LeafEntry, record: LoggedRecord | undefined): string | undefined {
    if (record === undefined || record.position.offset !== entry.offset)
      return 'the event is in the ledger but not in the log';
    // No disposition accounts for content that is gone, unless it was gone before it was read.
    if (record.value === null && entry.valueHash !== hashOfNothing)
      return 'the content of the event is gone from the log';
    if (hash('sha256', record.value ?? '', 'hex') === entry.valueHash) return undefined;
    return 'the logged bytes are not those the ledger recorded';
  }

  #order(record: LoggedRecord | undefined): string | undefined {
    const loggedAtMs = record?.loggedAt.getTime() ?? this.#loggedAtMs;
    const isBack = loggedAtMs < this.#loggedAtMs - clockToleranceMs;
    this.#loggedAtMs = Math.max(this.#loggedAtMs, loggedAtMs);
    return isBack ? 'the event is logged at an earlier time than those before it' : undefined;
  }

  /** Commands and reads say when they were made, and are logged then; when an `im` event was logged stands in its item. */
  #age(record: LoggedRecord | undefined): string | undefined {
    if (record === undefined || this.#partition.stream === 'im') return undefined;
    const madeMs = madeMsOf(record);
    const isEarly = madeMs !== undefined && record.loggedAt.getTime() < madeMs - clockToleranceMs;
    return isEarly ? 'the event is logged at an earlier time than it says it was made' : undefined;
  }
}

/** Of a governance or audit event; undefined for what is none. */
const madeMsOf = ({ value }: LoggedRecord): number | undefined => {
  try {
    const madeMs = Date.parse(JSON.parse(Buffer.from(value ?? []).toString()).data.at);
    return Number.isNaN(madeMs) ? undefined : madeMs;
  } catch {
    return undefined;
  }
};
