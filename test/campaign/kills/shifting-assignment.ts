import { partitionsOf } from '../../../services/core/ledger/partitions-of.ts';
import type { Assignment } from '../../../services/ports/assignment.ts';
import type { EventLog } from '../../../services/ports/event-log.ts';

/** Takes one partition after the other away, each time in the middle of a batch, and gives it back. */
export const shiftingAssignment = (log: Pick<EventLog, 'partitions'>): Assignment => {
  const all = partitionsOf(log);
  let wake: () => void = () => undefined;
  const nextBatch = () => new Promise<void>((resolve) => (wake = resolve));
  return {
    async *changes(signal) {
      signal.addEventListener('abort', () => wake(), { once: true });
      for (let turn = 0; !signal.aborted; turn += 1) {
        yield all;
        await nextBatch();
        yield all.filter((_, at) => at !== turn % log.partitions.im);
      }
    },
    // Asked before each batch is put.
    isCurrent: () => {
      wake();
      return true;
    },
    [Symbol.asyncDispose]: async () => wake(),
  };
};
