import { isHoldfastError } from '../../core/errors.ts';
import { checkCluster } from './check-cluster.ts';
import { faultsOf } from './check-index.ts';
import type { Engine } from './engine.ts';
import { engineErrorOf } from './engine-error.ts';
import { describeLive, hasNoIndex } from './find-indexes.ts';
import { type IndexDefinitionOptions, indexDefinition, metaOf } from './index-definition.ts';
import { clearLeftovers, isBlocked } from './rebuild-leftovers.ts';

export interface EnsureOptions extends IndexDefinitionOptions {
  /** Takes an index of another analyzer, mapping or settings as it is: the caller will replace it. */
  readonly forRebuild?: boolean;
}

/** Makes the first index of the installation where there is none, and refuses one that is not as it must be. */
export const ensureIndex = async (engine: Engine, options: EnsureOptions): Promise<void> => {
  const { connection, names } = engine;
  await checkCluster(connection, names);
  if (await hasNoIndex(connection, names)) await createFirst(engine, options);
  const { name, index } = await describeLive(connection, names);
  const [fault] = faultsOf(name, index, options);
  if (fault !== undefined && options.forRebuild !== true) throw fault;
  if (isBlocked(index)) await clearLeftovers(engine).catch(unlessAlive);
};

/** Index and aliases come into being at once; of several processes that try, one makes them. */
const createFirst = async ({ connection, names }: Engine, options: EnsureOptions): Promise<void> => {
  try {
    await connection.request({
      method: 'PUT',
      path: `/${names.concrete(1)}`,
      body: {
        ...indexDefinition(options, metaOf(options)),
        aliases: { [names.read]: {}, [names.write]: {} },
      },
    });
  } catch (error) {
    if (engineErrorOf(error)?.type !== 'resource_already_exists_exception') throw error;
  }
};

/** A rebuild that is alive lets the index go by itself. */
const unlessAlive = (error: unknown): void => {
  if (!isHoldfastError(error, 'Conflict')) throw error;
};
