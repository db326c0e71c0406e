import type { ArchiveIndex } from '../../ports/archive-index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { ElasticsearchArchiveIndex } from './archive-index.ts';
import { BulkWriter } from './bulk-writer.ts';
import type { Engine } from './engine.ts';
import { type ConnectionOptions, EngineConnection } from './engine-connection.ts';
import { type EnsureOptions, ensureIndex } from './ensure-index.ts';
import { toIndexFault } from './index-fault.ts';
import { indexNamesOf } from './index-names.ts';
import { developmentNotice } from './index-settings.ts';
import { defaultBeatMs } from './rebuild-beat.ts';

export interface ElasticsearchArchiveIndexOptions extends EnsureOptions {
  readonly connection: ConnectionOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a write is tried again while the cluster does not take it; default 30 seconds. */
  readonly patienceMs?: number;
  /** The same for a read; default 2 seconds. */
  readonly readPatienceMs?: number;
  /** Requests of puts under way at once; default 3. */
  readonly maxInFlight?: number;
  /** How often a rebuild says that it is alive, and others look; default 5 seconds. */
  readonly beatMs?: number;
  /** Takes cluster and index as they are, unchecked, and changes nothing; default false. */
  readonly asItIs?: boolean;
  /** Told at start what this set-up cannot promise. */
  readonly notice?: (text: string) => void;
}

/** Makes the index where there is none; refuses a cluster or an index that is not as it must be. */
export const openElasticsearchArchiveIndex = async (
  options: ElasticsearchArchiveIndexOptions,
): Promise<ArchiveIndex> => {
  const engine = engineOf(options);
  try {
    if (options.asItIs !== true) await ensureIndex(engine, options);
  } catch (error) {
    await engine.connection[Symbol.asyncDispose]();
    throw toIndexFault(error);
  }
  if (options.profile === 'development') options.notice?.(developmentNotice);
  const index = new ElasticsearchArchiveIndex(engine, options);
  if (options.asItIs !== true) index.clearLeftovers();
  return index;
};

const engineOf = (options: ElasticsearchArchiveIndexOptions): Engine => {
  const { clock, random, maxInFlight } = options;
  const connection = new EngineConnection(options.connection);
  const names = indexNamesOf(options.installation);
  const writing = { clock, random, patienceMs: options.patienceMs ?? 30_000 };
  return {
    random,
    beatMs: options.beatMs ?? defaultBeatMs,
    connection,
    names,
    partitions: options.partitions,
    writing,
    reading: { clock, random, patienceMs: options.readPatienceMs ?? 2_000 },
    writer: new BulkWriter(connection, {
      ...writing,
      target: names.write,
      ...(maxInFlight === undefined ? {} : { maxInFlight }),
    }),
    preference: Buffer.from(random.bytes(8)).toString('hex'),
  };
};
