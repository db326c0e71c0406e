import type { Random } from '../../ports/random.ts';
import { BulkWriter } from './bulk-writer.ts';
import type { EngineConnection, EngineRequest } from './engine-connection.ts';
import type { IndexNames } from './index-names.ts';
import { type Patience, retrying } from './retrying.ts';

/** What every operation on the index needs. */
export interface Engine {
  readonly connection: EngineConnection;
  readonly names: IndexNames;
  readonly partitions: number;
  readonly writer: BulkWriter;
  /** For what must be written; `reading` gives up earlier, because somebody waits for the answer. */
  readonly writing: Patience;
  readonly reading: Patience;
  /** One per process: its reads go to the same copy of a shard, so that none sees less than the one before. */
  readonly preference: string;
  readonly random: Random;
  /** How often a rebuild says that it is alive. */
  readonly beatMs: number;
}

export const read = <T>({ connection, reading }: Engine, request: EngineRequest): Promise<T> =>
  retrying(() => connection.request<T>(request), reading);

/** The request must bear being done twice. */
export const change = <T>({ connection, writing }: Engine, request: EngineRequest): Promise<T> =>
  retrying(() => connection.request<T>(request), writing);

export interface SearchAnswer<Source> {
  readonly hits: {
    readonly total?: { readonly value: number };
    readonly hits: readonly {
      readonly _id: string;
      readonly _source: Source;
      readonly sort?: readonly unknown[];
    }[];
  };
  readonly aggregations?: Readonly<Record<string, unknown>>;
}

/** Searches what was refreshed, all of it or not at all. */
export const searchAll = <Source>(engine: Engine, body: object): Promise<SearchAnswer<Source>> =>
  read(engine, {
    method: 'POST',
    path: `/${engine.names.read}/_search`,
    query: { allow_partial_search_results: false, preference: engine.preference },
    body,
  });

/** The same with another alias in the place of both; a concrete index is only read. */
export const engineAt = (engine: Engine, name: string): Engine => ({
  ...engine,
  names: { ...engine.names, read: name, write: name },
  writer: new BulkWriter(engine.connection, { ...engine.writing, target: name }),
});
