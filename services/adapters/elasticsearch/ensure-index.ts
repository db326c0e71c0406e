import { checkCluster } from './check-cluster.ts';
import { type DescribedIndex, faultsOf } from './check-index.ts';
import type { EngineConnection } from './engine-connection.ts';
import { engineErrorOf } from './engine-error.ts';
import { type IndexDefinitionOptions, indexDefinition, metaOf } from './index-definition.ts';
import { unsuitable } from './index-fault.ts';
import { type IndexNames, indexNamesOf } from './index-names.ts';

/** Makes the first index of the installation where there is none, and refuses one that is not as it must be. */
export const ensureIndex = async (
  connection: EngineConnection,
  options: IndexDefinitionOptions,
): Promise<void> => {
  const names = indexNamesOf(options.installation);
  await checkCluster(connection, names);
  if (await hasNothing(connection, names)) await createFirst(connection, names, options);
  const { name, index } = await describeLive(connection, names);
  const [fault] = faultsOf(name, index, options);
  if (fault !== undefined) throw fault;
};

/** The concrete index that both aliases lead to; refuses aliases that do not lead to one of ours alone. */
export const describeLive = async (
  connection: EngineConnection,
  names: IndexNames,
): Promise<{ readonly name: string; readonly index: DescribedIndex }> => {
  const [read, write] = [await indexesOf(connection, names.read), await indexesOf(connection, names.write)];
  for (const [alias, found] of [
    [names.read, read],
    [names.write, write],
  ] as const)
    if (found.length !== 1 || names.numberOf(found[0]!) === undefined)
      throw unsuitable({
        what: `alias ${alias}`,
        expected: `one index of ${names.pattern}`,
        found: found.length === 0 ? 'none' : found.join(', '),
        fix: `Point ${names.read} and ${names.write} at the same index by POST _aliases, the one that was in use.`,
      });
  if (read[0] !== write[0])
    throw unsuitable({
      what: `aliases ${names.read} and ${names.write}`,
      expected: 'the same index',
      found: `${read[0]} and ${write[0]}`,
      fix: 'Point both at the one that was in use by POST _aliases.',
    });
  const described = await connection.request<Record<string, DescribedIndex>>({
    method: 'GET',
    path: `/${names.read}`,
    query: { flat_settings: true },
  });
  const [name] = Object.keys(described);
  const index = described[name ?? ''];
  // A swap between the requests: look again.
  return name !== undefined && name === read[0] && index !== undefined
    ? { name, index }
    : describeLive(connection, names);
};

/** Concrete indexes of the installation, in use or not. */
export const listIndexes = async (
  connection: EngineConnection,
  names: IndexNames,
): Promise<Readonly<Record<string, DescribedIndex>>> =>
  connection.request({ method: 'GET', path: `/${names.pattern}`, query: { flat_settings: true } });

const hasNothing = async (connection: EngineConnection, names: IndexNames): Promise<boolean> => {
  const aliased = [
    ...(await indexesOf(connection, names.read)),
    ...(await indexesOf(connection, names.write)),
  ];
  return aliased.length === 0 && Object.keys(await listIndexes(connection, names)).length === 0;
};

const indexesOf = async (connection: EngineConnection, alias: string): Promise<readonly string[]> => {
  try {
    return Object.keys(await connection.request<object>({ method: 'GET', path: `/_alias/${alias}` }));
  } catch (error) {
    if (engineErrorOf(error)?.status === 404) return [];
    throw error;
  }
};

/** Index and aliases come into being at once; of several processes that try, one makes them. */
const createFirst = async (
  connection: EngineConnection,
  names: IndexNames,
  options: IndexDefinitionOptions,
): Promise<void> => {
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
