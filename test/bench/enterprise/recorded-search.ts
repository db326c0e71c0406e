import { Agent } from 'node:http';
import { BulkWriter } from '../../../services/adapters/elasticsearch/bulk-writer.ts';
import { ElasticSearchEngine } from '../../../services/adapters/elasticsearch/elastic-search-engine.ts';
import {
  EngineConnection,
  type EngineRequest,
} from '../../../services/adapters/elasticsearch/engine-connection.ts';
import { indexNamesOf } from '../../../services/adapters/elasticsearch/index-names.ts';
import { searchIndex } from '../../../services/adapters/elasticsearch/search/search-index.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { systemRandom } from '../../../services/adapters/system/random.ts';
import { parseQuery } from '../../../services/core/query/parse-query.ts';
import type { Page } from '../../../services/ports/archive-index.ts';
import { post } from '../served-folder.ts';

/** Remembers every request, those that were under way together in one wave. */
class RecordingConnection extends EngineConnection {
  readonly waves: EngineRequest[][] = [];
  #underWay = 0;

  override async request<T>(request: EngineRequest): Promise<T> {
    if (this.#underWay === 0) this.waves.push([]);
    this.waves.at(-1)!.push(request);
    this.#underWay += 1;
    try {
      return await super.request<T>(request);
    } finally {
      this.#underWay -= 1;
    }
  }
}

export interface RecordedSearch extends Disposable {
  readonly total: number;
  /** Sends the very requests again and reads their answers to the last byte; nothing else is done. */
  run(): Promise<void>;
}

export interface SearchOptions {
  /** URL */
  readonly node: string;
  readonly installation: string;
  readonly limit: number;
  readonly offsets: readonly number[];
}

/** What the index in Elasticsearch sends for a query, to be sent again by a client that does nothing more. */
export const recordSearch = async (query: string, options: SearchOptions): Promise<RecordedSearch> => {
  const { node, installation, limit, offsets } = options;
  const parsed = parseQuery(query, { now: new Date(), timeZone: 'UTC' });
  if (!parsed.ok) throw new Error(`${query}: ${parsed.faults[0]?.message}`);
  if (parsed.parsed.warnings.length > 0) throw new Error(`${query}: ${parsed.parsed.warnings[0]?.message}`);
  const page: Page = { limit, sort: 'sent', offsets };
  await using connection = new RecordingConnection({ nodes: [node] });
  const engine = engineOver(connection, installation, offsets.length);
  const { total } = await searchIndex(new ElasticSearchEngine(engine), parsed.parsed.query, page);
  const waves = connection.waves.map((wave) => wave.map((request) => messageOf(node, request)));
  const agent = new Agent({ keepAlive: true });
  return {
    total,
    run: async () => {
      for (const wave of waves) await Promise.all(wave.map(({ url, body }) => post(url, { agent, body })));
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
};

const messageOf = (node: string, { method, path, query = {}, body }: EngineRequest) => {
  // A point in time has another name each time.
  if (method !== 'POST' || path.endsWith('/_pit')) throw new Error(`${method} ${path} cannot be sent again.`);
  const words = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return { url: `${node}${path}?${new URLSearchParams(words)}`, body: JSON.stringify(body) };
};

const engineOver = (connection: EngineConnection, installation: string, partitions: number) => {
  const patience = { clock: systemClock, random: systemRandom, patienceMs: 2000 };
  const names = indexNamesOf(installation);
  return {
    connection,
    names,
    partitions,
    random: systemRandom,
    beatMs: 5000,
    writing: patience,
    reading: patience,
    writer: new BulkWriter(connection, { ...patience, target: names.write }),
    preference: 'bench',
  };
};
