import { HoldfastError } from '../../core/errors.ts';
import type { DescribedIndex } from './check-index.ts';
import type { Engine } from './engine.ts';
import { describeLive, listIndexes } from './find-indexes.ts';
import { blockWrites, discardIndex } from './index-operations.ts';
import { findBeating } from './rebuild-beat.ts';

/**
 * Removes what a rebuild that died left: its unfinished index, the block on the index in use, the index it had
 * replaced. `Conflict` while a rebuild is alive: what is its own stays. Resolves with the number of the next index: of all
 * who saw the same indexes only one can make it, and it is none that another of them removes.
 */
export const clearLeftovers = async (engine: Engine, signal?: AbortSignal): Promise<number> => {
  const { live, indexes } = await lookAround(engine);
  const leftovers = leftoversAmong(engine, indexes, live);
  if (leftovers.length > 0) {
    // One that has come into use beats until it is done with what it replaced.
    const alive = await findBeating(beatingOf(engine), [...leftovers, live], signal);
    if (alive !== undefined)
      throw conflict(`Another rebuild of the index is under way, into ${alive}.`, alive);
  }
  for (const index of leftovers)
    if (!(await discardIndex(engine, { index, live })))
      throw conflict(`Another rebuild of the index has just replaced ${live}.`, live);
  if (isBlocked(indexes[live]!)) await blockWrites(engine, live, false);
  return 1 + Math.max(...Object.keys(indexes).map((name) => engine.names.numberOf(name) ?? 0));
};

interface Indexes {
  /** The name of the one in use. */
  readonly live: string;
  readonly indexes: Readonly<Record<string, DescribedIndex>>;
}

/** All indexes as of one moment. */
const lookAround = async (engine: Engine): Promise<Indexes> => {
  const { connection, names } = engine;
  const { name: live } = await describeLive(connection, names);
  const indexes = await listIndexes(connection, names);
  // A rebuild that was committed between the requests.
  return names.write in (indexes[live]?.aliases ?? {}) ? { live, indexes } : lookAround(engine);
};

const conflict = (detail: string, index: string): HoldfastError =>
  new HoldfastError('Conflict', { detail: `${detail} Wait until it is done.`, index });

/** Whether puts are refused, for a rebuild that may be dead. */
export const isBlocked = ({ settings }: DescribedIndex): boolean => settings['index.blocks.write'] === 'true';

const leftoversAmong = (
  { names }: Engine,
  indexes: Readonly<Record<string, DescribedIndex>>,
  live: string,
): string[] =>
  Object.entries(indexes)
    .filter(([name, { aliases }]) => name !== live && Object.keys(aliases ?? {}).every(names.isFilling))
    .map(([name]) => name)
    .filter((name) => names.numberOf(name) !== undefined);

export const beatingOf = ({ connection, writing, beatMs }: Engine) => ({
  connection,
  clock: writing.clock,
  beatMs,
});
