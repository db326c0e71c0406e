import type { IndexFault } from '../../ports/archive-index.ts';
import { faultsOf } from './check-index.ts';
import { documentFaults, type IndexedDocument } from './document-faults.ts';
import { type Engine, read, searchAll } from './engine.ts';
import { describeLive } from './find-indexes.ts';
import type { IndexDefinitionOptions } from './index-definition.ts';
import { type WalkedPage, walkIndex } from './walk-index.ts';
import { findMisindexed } from './word-faults.ts';

/** More than these say nothing new. */
const maxFaults = 100;
/** Asking for the words of one document takes a search: of a large index only so many are asked for. */
const maxWordChecks = 5_000;

/**
 * Compares the mapping, each stored document with its item and with its indexed fields, and the indexed words of every
 * document, or of 5,000 evenly chosen ones. Bytes of the engine's files that were changed it finds only where it reads them.
 */
export const checkIndexIntegrity = async (
  engine: Engine,
  definition: IndexDefinitionOptions,
): Promise<readonly IndexFault[]> => {
  const { name, index } = await describeLive(engine.connection, engine.names);
  const faults: IndexFault[] = faultsOf(name, index, definition).map(({ details }) => ({
    fault: String(details.detail),
  }));
  const missing = await countMissingShards(engine);
  if (missing > 0) return [...faults, { fault: `${missing} shards of ${name} are not there` }];
  faults.push(...(await checkDocuments(engine)));
  return faults.slice(0, maxFaults);
};

const countMissingShards = async (engine: Engine): Promise<number> => {
  const health = await read<{ status: string; unassigned_shards: number; initializing_shards: number }>(
    engine,
    {
      method: 'GET',
      path: `/_cluster/health/${engine.names.read}`,
    },
  );
  return health.status === 'red' ? health.unassigned_shards + health.initializing_shards : 0;
};

const checkDocuments = async (engine: Engine): Promise<IndexFault[]> => {
  const faults: IndexFault[] = [];
  const stride = Math.ceil((await countDocuments(engine)) / maxWordChecks);
  let seen = 0;
  let versions = 0;
  for await (const page of walkIndex(engine)) {
    faults.push(...page.documents.flatMap(documentFaults));
    const chosen = page.documents.filter((_, at) => (seen + at) % stride === 0);
    faults.push(...(await wordFaults(engine, page, chosen)));
    seen += page.documents.length;
    versions += page.documents.reduce((sum, { source }) => sum + (source.versions?.length ?? 0), 0);
    if (page.indexedVersions !== undefined && page.indexedVersions !== versions)
      faults.push({ fault: `${page.indexedVersions} versions are indexed, ${versions} are stored` });
    if (faults.length >= maxFaults) break;
  }
  return faults;
};

const countDocuments = async (engine: Engine): Promise<number> => {
  const { hits } = await searchAll(engine, { size: 0, track_total_hits: true });
  return Math.max(1, hits.total?.value ?? 0);
};

const wordFaults = async (
  engine: Engine,
  { pit }: WalkedPage,
  documents: readonly IndexedDocument[],
): Promise<IndexFault[]> =>
  (await findMisindexed(engine, pit, documents)).map((itemId) => ({
    itemId,
    fault: 'its words are indexed otherwise than they are stored',
  }));
