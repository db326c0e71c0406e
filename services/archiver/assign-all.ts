import type { DataStream } from '../../schemas/archive/ledger.ts';
import type { Assignment } from '../ports/assignment.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { PartitionName } from '../ports/ledger.ts';

const streams: readonly DataStream[] = ['im', 'governance', 'audit'];

/** Every partition of every stream, data first. */
export const partitionsOf = ({ partitions }: Pick<EventLog, 'partitions'>): PartitionName[] =>
  streams.flatMap((stream) =>
    Array.from({ length: partitions[stream] }, (_, partition) => ({ stream, generation: 1, partition })),
  );

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
