import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import { HoldfastError } from '../core/errors.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';

export interface AccountedBatch {
  readonly records: readonly LoggedRecord[];
  /** The entry of each record, same order. */
  readonly entries: readonly LeafEntry[];
}

/** Log and ledger side by side over offsets `from` to `to` (exclusive); a record that is missing is an error. */
export async function* readRange(
  ports: { readonly log: EventLog; readonly ledger: Ledger },
  partition: PartitionName,
  { from, to }: { from: number; to: number },
): AsyncGenerator<AccountedBatch> {
  let next = from;
  for await (const batch of ports.log.read({ ...partition, offset: from })) {
    const records = batch.filter((record) => record.position.offset < to);
    if (records.length === 0) break;
    const hole = records.find((record, at) => record.position.offset !== next + at);
    if (hole !== undefined) throw missing(partition, next);
    const found = await ports.ledger.entries(
      partition,
      records.map((record) => record.position.offset),
    );
    const entries = found.filter((entry) => entry !== undefined);
    if (entries.length !== records.length) throw missing(partition, next);
    yield { records, entries };
    next += records.length;
    if (next >= to) return;
  }
  if (next < to) throw missing(partition, next);
}

const missing = (partition: PartitionName, offset: number): HoldfastError =>
  new HoldfastError('VerificationFailed', {
    detail: `${partition.stream} ${partition.partition}/${offset} is in the ledger but not in the log, or out of order.`,
    partition: partition.partition,
    offset,
  });
