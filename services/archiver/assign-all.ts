import { partitionsOf } from '../core/ledger/partitions-of.ts';
import type { Assignment } from '../ports/assignment.ts';
import type { EventLog } from '../ports/event-log.ts';

/** For the only archiver there is: everything is its own, for ever. */
export const assignAll = (log: Pick<EventLog, 'partitions'>): Assignment => ({
  async *changes(signal) {
    yield partitionsOf(log);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  },
  isCurrent: () => true,
  [Symbol.asyncDispose]: async () => undefined,
});
