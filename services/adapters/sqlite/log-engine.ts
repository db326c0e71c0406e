import type { ConnectionOptions } from './connection.ts';
import { toLogFault } from './log-fault.ts';
import { LogGrowth } from './log-growth.ts';
import type { Place, Slot } from './log-slots.ts';
import {
  LogStore,
  type PlacedRecord,
  type ReadQuery,
  type SlotReceipt,
  type StoredRecord,
} from './log-store.ts';

/** What stores the log for `SqliteEventLog`: in this thread, or in another. Called with one commit at a time. */
export interface LogEngine extends AsyncDisposable {
  commit(records: readonly PlacedRecord[], nowMs: number): Promise<readonly SlotReceipt[]>;
  read(query: ReadQuery): Promise<readonly StoredRecord[]>;
  get(places: readonly Place[]): Promise<readonly (StoredRecord | undefined)[]>;
  end(slot: number): Promise<number>;
  erase(places: readonly Place[]): Promise<void>;
  /** Whether nothing is left of the values of these places, in any file of the log. */
  confirmErased(places: readonly Place[]): Promise<boolean>;
}

/** The store in this thread; tells every follower in the process what grew. */
export const openLogEngine = (
  path: string,
  slots: readonly Slot[],
  options: ConnectionOptions,
): LogEngine => {
  // Translated here, because an error loses SQLite's result code when it leaves the thread.
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toLogFault(error, path);
    }
  };
  const store = attempt(() => new LogStore(path, slots, options));
  const growth = new LogGrowth(path);
  return {
    commit: async (records, nowMs) => {
      const receipts = attempt(() => store.commit(records, nowMs));
      growth.announce(receipts.map(({ slot }) => slot));
      return receipts;
    },
    read: async (query) => attempt(() => store.read(query)),
    get: async (places) => attempt(() => store.get(places)),
    end: async (slot) => attempt(() => store.end(slot)),
    erase: async (places) => attempt(() => store.erase(places)),
    confirmErased: async (places) =>
      attempt(
        () => store.truncate() && store.get(places).every((record) => !record || record.value === null),
      ),
    [Symbol.asyncDispose]: async () => {
      growth.close();
      store.close();
    },
  };
};
