import { change, type Engine, read } from './engine.ts';
import { engineErrorOf, isIndexMissing } from './engine-error.ts';
import { describeLive } from './find-indexes.ts';

/** Resolves, when it blocks, after the writes under way are done; none begins after that. */
export const blockWrites = async (engine: Engine, index: string, isBlocked: boolean): Promise<void> => {
  if (isBlocked) await change(engine, { method: 'PUT', path: `/${index}/_block/write` });
  else
    await change(engine, {
      method: 'PUT',
      path: `/${index}/_settings`,
      body: { 'index.blocks.write': null },
    });
};

/**
 * Removes an index beside the one in use. False, and nothing is removed, if that one is in use no longer: the other may be,
 * since they were looked at. The cluster decides both at once.
 */
export const discardIndex = async (
  engine: Engine,
  { index, live }: { readonly index: string; readonly live: string },
): Promise<boolean> => {
  const actions = [...move(engine.names.write, live, live), { remove_index: { index } }];
  try {
    await change(engine, { method: 'POST', path: '/_aliases', body: { actions } });
    return true;
  } catch (error) {
    if (engineErrorOf(error)?.status !== 404) throw error;
    // The index is gone, or the other has lost its alias, or both.
    return (await describeLive(engine.connection, engine.names)).name === live;
  }
};

/** Whether an alias leads to an index. */
export const isAlias = async (engine: Engine, name: string): Promise<boolean> => {
  try {
    await read(engine, { method: 'GET', path: `/_alias/${name}` });
    return true;
  } catch (error) {
    if (engineErrorOf(error)?.status !== 404) throw error;
    return false;
  }
};

export interface Swap {
  readonly old: string;
  readonly index: string;
  /** The alias of the rebuild that fills the index. */
  readonly filling: string;
}

/**
 * Both aliases at once. Fails if either index is gone, the old one has lost an alias or the new one its own: another was
 * faster, or the rebuild was taken for dead.
 */
export const swapAliases = async (engine: Engine, { old, index, filling }: Swap): Promise<void> => {
  const { connection, names } = engine;
  const swapped = [names.read, names.write].flatMap((alias) => move(alias, old, index));
  const actions = [...move(filling, index, index), ...swapped];
  try {
    await connection.request({ method: 'POST', path: '/_aliases', body: { actions } });
  } catch (error) {
    // It may have been carried out, and its answer lost.
    const live = await describeLive(connection, names);
    if (!(filling in (live.index.aliases ?? {}))) throw error;
  }
};

/** Removes what was replaced, unless that is done, and the rebuild's own alias. */
export const endSwap = async (engine: Engine, { old, index, filling }: Swap): Promise<void> => {
  const actions = [{ remove_index: { index: old } }, { remove: { index, alias: filling } }];
  try {
    await change(engine, { method: 'POST', path: '/_aliases', body: { actions } });
  } catch (error) {
    const said = engineErrorOf(error);
    if (said === undefined || !isIndexMissing(said)) throw error;
  }
};

/** Fails where the alias does not lead to the first index, which may be the second as well. */
const move = (alias: string, from: string, to: string) => [
  { remove: { index: from, alias, must_exist: true } },
  { add: { index: to, alias } },
];
