import type { Clock } from '../../ports/clock.ts';
import type { EngineConnection } from './engine-connection.ts';
import { engineErrorOf, isIndexMissing } from './engine-error.ts';
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
    await connection.request({ method: 'PUT', path: `/${index}/_mapping`, body }).catch(() => undefined);
    await clock.sleep(beatMs, signal).catch(() => undefined);
  }
};

/**
 * Whether the rebuild that fills an index is alive. No clocks of two machines are compared: it is watched for a while.
 * False also if the index is gone by then.
 */
export const isBeating = async (beating: Beating, signal?: AbortSignal): Promise<boolean> => {
  const first = await readBeat(beating);
  for (let waited = 0; waited < beatsMissed; waited += 1) {
    await beating.clock.sleep(beating.beatMs, signal);
    const now = await readBeat(beating);
    if (now === undefined) return false;
    if (now !== first) return true;
  }
  return false;
};

/** Undefined if the index is gone. */
const readBeat = async ({ connection, index }: Beating): Promise<string | undefined> => {
  try {
    const described = await connection.request<Record<string, { mappings: { _meta?: Partial<IndexMeta> } }>>({
      method: 'GET',
      path: `/${index}/_mapping`,
    });
    return described[index]?.mappings._meta?.beat ?? '';
  } catch (error) {
    const said = engineErrorOf(error);
    if (said !== undefined && isIndexMissing(said)) return undefined;
    throw error;
  }
};
