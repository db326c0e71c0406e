import { HoldfastError } from '../../core/errors.ts';
import type { DescribedIndex } from './check-index.ts';
import type { Engine } from './engine.ts';
import { describeLive, listIndexes } from './find-indexes.ts';
import { blockWrites, deleteIndex } from './index-operations.ts';
import { isBeating } from './rebuild-beat.ts';

/**
 * Removes what a rebuild that died left: its unfinished index, the block on the index in use, the index it had
 * replaced. `Conflict` while a rebuild is alive: what is its own stays. Resolves with the number of the next index: of all
 * who saw the same indexes only one can make it, and it is none that another of them removes.
 */
export const clearLeftovers = async (engine: Engine, signal?: AbortSignal): Promise<number> => {
  const live = await describeLive(engine.connection, engine.names);
  const indexes = await listIndexes(engine.connection, engine.names);
  const leftovers = leftoversAmong(engine, indexes, live.name);
  for (const index of leftovers)
    if (await isBeating(beatingOf(engine, index), signal))
      throw new HoldfastError('Conflict', {
        detail: `Another rebuild of the index is under way, into ${index}. Wait until it is done.`,
        index,
      });
  for (const index of leftovers) await deleteIndex(engine, index);
  if (isBlocked(live.index)) await blockWrites(engine, live.name, false);
  return 1 + Math.max(...Object.keys(indexes).map((name) => engine.names.numberOf(name) ?? 0));
};

/** Whether puts are refused, for a rebuild that may be dead. */
export const isBlocked = ({ settings }: DescribedIndex): boolean => settings['index.blocks.write'] === 'true';

const leftoversAmong = (
  { names }: Engine,
  indexes: Readonly<Record<string, DescribedIndex>>,
  live: string,
): string[] =>
  Object.entries(indexes)
    .filter(([name, { aliases }]) => name !== live && Object.keys(aliases ?? {}).length === 0)
    .map(([name]) => name)
    .filter((name) => names.numberOf(name) !== undefined);

export const beatingOf = ({ connection, writing, beatMs }: Engine, index: string) => ({
  connection,
  clock: writing.clock,
  beatMs,
  index,
});
