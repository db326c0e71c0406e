import { change, type Engine } from './engine.ts';
import { engineErrorOf, isIndexMissing } from './engine-error.ts';

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

export const deleteIndex = async (engine: Engine, index: string): Promise<void> => {
  try {
    await change(engine, { method: 'DELETE', path: `/${index}` });
  } catch (error) {
    const said = engineErrorOf(error);
    if (said === undefined || !isIndexMissing(said)) throw error;
  }
};

/** Both aliases at once. Fails if either index is gone, or the old one has lost an alias: another was faster. */
export const swapAliases = async (engine: Engine, old: string, next: string): Promise<void> => {
  const { read, write } = engine.names;
  await engine.connection.request({
    method: 'POST',
    path: '/_aliases',
    body: {
      actions: [read, write].flatMap((alias) => [
        { remove: { index: old, alias, must_exist: true } },
        { add: { index: next, alias } },
      ]),
    },
  });
};
