import { deleteOperation } from './bulk-operation.ts';
import type { Engine } from './engine.ts';
import { isIndexMissing } from './engine-error.ts';
import { expungeDeleted } from './expunge-deleted.ts';
import { faultOf } from './index-fault.ts';
import { readHeads } from './read-heads.ts';

/** Deletes, waits until the engine has forgotten what it deleted, and makes that visible. */
export const removeDocuments = async (engine: Engine, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  for (let open = [...new Set(ids)]; open.length > 0; ) open = await removeOnce(engine, open);
  await expungeDeleted(engine);
};

/** Ids of documents that were changed between being read and deleted. */
const removeOnce = async (engine: Engine, ids: readonly string[]): Promise<string[]> => {
  const heads = [...(await readHeads(engine, ids))];
  // Conditional, so that a request that is carried out late cannot take what was put since.
  const answers = await engine.writer.write(heads.map(([id, { seen }]) => deleteOperation(id, seen)));
  return heads.flatMap(([id], at) => {
    const { status, error } = answers[at]!;
    if (status === 409 || (error !== undefined && isIndexMissing(error))) return [id];
    if (error !== undefined && status !== 404) throw faultOf(error);
    return [];
  });
};
