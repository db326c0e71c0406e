import type { DataStream } from '../../schemas/archive/ledger.ts';
import { HoldfastError } from '../core/errors.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';

const streams: readonly DataStream[] = ['im', 'governance', 'audit'];

/**
 * Refuses a log that ends before what the ledger accounts for: it is missing or an older copy. New events would get
 * offsets that are accounted for already, and so never be archived.
 */
export const assertLogHolds = async (log: EventLog, ledger: Ledger): Promise<void> => {
  for (const stream of streams) {
    for (let partition = 0; partition < log.partitions[stream]; partition += 1) {
      const [end, { size }] = await Promise.all([
        log.end(stream, partition),
        ledger.frontier({ stream, generation: 1, partition }),
      ]);
      if (end >= size) continue;
      throw new HoldfastError('DataFolderInvalid', {
        detail: `The event log ends at ${stream} ${partition}/${end}, but the ledger accounts for ${size} events there: the log is missing or an older copy than the ledger. Restore the log that belongs to it.`,
      });
    }
  }
};
