import type { Clock } from '../../ports/clock.ts';
import type { EngineConnection } from './engine-connection.ts';
import type { IndexMeta } from './index-definition.ts';

/** How often a rebuild says that it is alive. */
export const defaultBeatMs = 5_000;
/** It has missed this many beats when it counts as dead. */
const beatsMissed = 4;

interface Beating {
  readonly connection: EngineConnection;
  readonly clock: Clock;
  readonly beatMs: number;
  readonly index: string;
}

/** Says in the index that its rebuild is alive, until the signal. A beat that fails is made up for by the next. */
export const beat = async (beating: Beating, meta: IndexMeta, ended: AbortSignal): Promise<void> => {
  const { connection, clock, beatMs, index } = beating;
  const signal = AbortSignal.any([ended, connection.closing]);
  for (let count = 1; !signal.aborted; count += 1) {
    const body = { _meta: { ...meta, beat: `${meta.beat}-${count}` } };
    const request = { method: 'PUT', path: `/${index}/_mapping`, body, timeoutMs: beatMs } as const;
    await connection.request(request).catch(() => undefined);
    await clock.sleep(beatMs, signal).catch(() => undefined);
  }
};

/**
 * One of the indexes whose rebuild is alive. No clocks of two machines are compared: they are watched for a while.
 * Undefined if none beats; one that is gone does not.
 */
export const findBeating = async (
  { connection, clock, beatMs }: Omit<Beating, 'index'>,
  indexes: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> => {
  const first = await readBeats(connection, indexes);
  for (let waited = 0; waited < beatsMissed; waited += 1) {
    await clock.sleep(beatMs, signal);
    const now = await readBeats(connection, indexes);
    const beating = indexes.find((index) => now.has(index) && now.get(index) !== first.get(index));
    if (beating !== undefined) return beating;
  }
  return undefined;
};

const readBeats = async (
  connection: EngineConnection,
  indexes: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const described = await connection.request<Record<string, { mappings: { _meta?: Partial<IndexMeta> } }>>({
    method: 'GET',
    path: `/${indexes.join(',')}/_mapping`,
    query: { ignore_unavailable: true },
  });
  return new Map(
    Object.entries(described).map(([index, { mappings }]) => [index, mappings._meta?.beat ?? '']),
  );
};
