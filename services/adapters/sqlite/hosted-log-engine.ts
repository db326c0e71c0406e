import { hostInThread } from '../threads/host-in-thread.ts';
import type { Shape } from '../threads/shape.ts';
import type { ConnectionOptions } from './connection.ts';
import { type LogEngine, openLogEngine } from './log-engine.ts';
import type { Place, Slot } from './log-slots.ts';
import type { ReadQuery, SlotReceipt, StoredRecord } from './log-store.ts';
import {
  type PackedAppend,
  type PackedRecords,
  packAppend,
  packRecords,
  unpackAppend,
  unpackRecords,
} from './packed-records.ts';

interface EngineArgument {
  readonly path: string;
  readonly slots: readonly Slot[];
  readonly options: ConnectionOptions;
}

/** The engine as it is spoken to across the thread border. */
interface PackedLogEngine extends AsyncDisposable {
  commit(append: PackedAppend): Promise<readonly SlotReceipt[]>;
  read(query: ReadQuery): Promise<PackedRecords>;
  get(places: readonly Place[]): Promise<PackedRecords>;
  end(slot: number): Promise<number>;
  erase(places: readonly Place[]): Promise<void>;
  confirmErased(places: readonly Place[]): Promise<boolean>;
}

const shape: Shape<PackedLogEngine> = {
  commit: 'call',
  read: 'call',
  get: 'call',
  end: 'call',
  erase: 'call',
  confirmErased: 'call',
};

/** Run by the log's thread. */
export const openPackedLogEngine = ({ path, slots, options }: EngineArgument): PackedLogEngine => {
  const engine = openLogEngine(path, slots, options);
  return {
    commit: (append) => engine.commit(unpackAppend(append), append.nowMs),
    read: async (query) => packRecords(await engine.read(query)),
    get: async (places) => packRecords(await engine.get(places)),
    end: (slot) => engine.end(slot),
    erase: (places) => engine.erase(places),
    confirmErased: (places) => engine.confirmErased(places),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
};

/** The same store, in a thread of its own: no call blocks this one. */
export const hostLogEngine = async (argument: EngineArgument): Promise<LogEngine> => {
  const remote = await hostInThread<PackedLogEngine, EngineArgument>({
    module: new URL(import.meta.url),
    open: 'openPackedLogEngine',
    argument,
    shape,
    name: 'event-log',
    fault: 'LogUnavailable',
  });
  return {
    commit: (records, nowMs) => remote.commit(packAppend(records, nowMs)),
    read: async (query) => unpackRecords(await remote.read(query)) as StoredRecord[],
    get: async (places) => unpackRecords(await remote.get(places)),
    end: (slot) => remote.end(slot),
    erase: (places) => remote.erase(places),
    confirmErased: (places) => remote.confirmErased(places),
    [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose](),
  };
};
