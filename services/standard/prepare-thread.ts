import { hostInThread } from '../adapters/threads/host-in-thread.ts';
import { type PreparedRecord, prepareRecord } from '../archiver/prepare-record.ts';
import type { LoggedRecord } from '../ports/event-log.ts';

/** Reading, validating and analysing events in a thread beside the one that writes them. */
export interface Preparer extends AsyncDisposable {
  prepare(records: readonly LoggedRecord[]): Promise<readonly PreparedRecord[]>;
}

export const openPreparer = (): Preparer => ({
  prepare: async (records) => records.map(prepareRecord),
  [Symbol.asyncDispose]: async () => undefined,
});

export const hostPreparer = (): Promise<Preparer> =>
  hostInThread<Preparer, undefined>({
    module: new URL(import.meta.url),
    open: 'openPreparer',
    argument: undefined,
    shape: { prepare: 'call' },
    name: 'prepare',
    fault: 'Internal',
  });
