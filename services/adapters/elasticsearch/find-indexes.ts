import type { DescribedIndex } from './check-index.ts';
import type { EngineConnection } from './engine-connection.ts';
import { engineErrorOf } from './engine-error.ts';
import { unsuitable } from './index-fault.ts';
import type { IndexNames } from './index-names.ts';

/** The concrete index that both aliases lead to; refuses aliases that do not lead to one of ours alone. */
export const describeLive = async (
  connection: EngineConnection,
  names: IndexNames,
): Promise<{ readonly name: string; readonly index: DescribedIndex }> => {
  const aliased = await indexesOf(connection, [names.read, names.write]);
  const live = soleIndexOf(names, aliased);
  const described = await describe(connection, live);
  const index = described[live];
  // A rebuild that was committed between the requests.
  return index === undefined ? describeLive(connection, names) : { name: live, index };
};

/** Concrete indexes of the installation, in use or not. */
export const listIndexes = (
  connection: EngineConnection,
  names: IndexNames,
): Promise<Readonly<Record<string, DescribedIndex>>> => describe(connection, names.pattern);

/** Whether neither an index nor an alias of the installation is there. */
export const hasNoIndex = async (connection: EngineConnection, names: IndexNames): Promise<boolean> => {
  const aliased = await indexesOf(connection, [names.read, names.write]);
  if ([...aliased.values()].some((indexes) => indexes.length > 0)) return false;
  return Object.keys(await listIndexes(connection, names)).length === 0;
};

const describe = (
  connection: EngineConnection,
  name: string,
): Promise<Readonly<Record<string, DescribedIndex>>> =>
  connection.request({
    method: 'GET',
    path: `/${name}`,
    query: { flat_settings: true, ignore_unavailable: true },
  });

/** Where each alias leads, as of one moment. */
const indexesOf = async (
  connection: EngineConnection,
  aliases: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = await readAliases(connection, aliases);
  return new Map(
    aliases.map((alias) => [
      alias,
      Object.entries(found)
        .filter(([, index]) => alias in (index.aliases ?? {}))
        .map(([name]) => name),
    ]),
  );
};

interface AliasedIndex {
  readonly aliases?: Readonly<Record<string, unknown>>;
}

const readAliases = async (
  connection: EngineConnection,
  aliases: readonly string[],
): Promise<Readonly<Record<string, AliasedIndex>>> => {
  try {
    return await connection.request({ method: 'GET', path: `/_alias/${aliases.join(',')}` });
  } catch (error) {
    // What it found stands beside the names it did not find.
    if (engineErrorOf(error)?.status !== 404) throw error;
    return Object.fromEntries(
      Object.entries(Object(Object(error).body)).filter(([, index]) => Object(index).aliases !== undefined),
    ) as Record<string, AliasedIndex>;
  }
};

const soleIndexOf = (names: IndexNames, aliased: ReadonlyMap<string, readonly string[]>): string => {
  for (const [alias, found] of aliased)
    if (found.length !== 1 || names.numberOf(found[0] ?? '') === undefined)
      throw unsuitable({
        what: `alias ${alias}`,
        expected: `one index of ${names.pattern}`,
        found: found.length === 0 ? 'none' : found.toSorted().join(', '),
        fix: `Point ${names.read} and ${names.write} at the one that was in use by POST _aliases.`,
      });
  const [[read = '']] = [aliased.get(names.read) ?? []];
  const [[write = '']] = [aliased.get(names.write) ?? []];
  if (read !== write)
    throw unsuitable({
      what: `aliases ${names.read} and ${names.write}`,
      expected: 'the same index',
      found: `${read} and ${write}`,
      fix: 'Point both at the one that was in use by POST _aliases.',
    });
  return read;
};
