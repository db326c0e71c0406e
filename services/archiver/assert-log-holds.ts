import { HoldfastError } from '../core/errors.ts';
import { partitionsOf } from '../core/ledger/partitions-of.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';

/**
 * Refuses a log that ends before what the ledger accounts for: it is missing or an older copy. New events would get
 * offsets that are accounted for already, and so never be archived.
 */
export const assertLogHolds = async (log: EventLog, ledger: Ledger): Promise<void> => {
  for (const name of partitionsOf(log)) {
    const { stream, partition } = name;
    const [end, { size }] = await Promise.all([log.end(stream, partition), ledger.frontier(name)]);
    if (end >= size) continue;
    throw new HoldfastError('DataFolderInvalid', {
      detail: `The event log ends at ${stream} ${partition}/${end}, but the ledger accounts for ${size} events there: the log is missing or an older copy than the ledger. Restore the log that belongs to it.`,
    });
  }
};

/**
 * Refuses a log that ends before what the index holds: the index is of another log, or the log was lost or is an older
 * copy. Its items would be taken for leftovers of a crash and go when new events get their offsets. `remedy` is a
 * sentence for who starts it.
 */
export const assertLogHoldsIndex = async (
  log: EventLog,
  index: ArchiveIndex,
  remedy = 'Restore the log that belongs to it.',
): Promise<void> => {
  const watermarks = await index.searchableWatermark();
  for (const [partition, watermark] of watermarks.entries()) {
    const end = await log.end('im', partition);
    if (end >= watermark) continue;
    throw new HoldfastError('DataFolderInvalid', {
      detail: `The event log ends at im ${partition}/${end}, but the index holds what was archived from event ${watermark - 1} there: the log is missing, an older copy than the index, or of another archive. ${remedy}`,
    });
  }
};
