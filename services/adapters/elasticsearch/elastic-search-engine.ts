import { HoldfastError } from '../../core/errors.ts';
import { type Engine, read } from './engine.ts';
import { engineErrorOf } from './engine-error.ts';
import { toIndexFault, unavailable } from './index-fault.ts';
import {
  type Dsl,
  type EngineHit,
  type SearchAnswer,
  type SearchBody,
  type SearchEngine,
  tooManyClauses,
} from './search/search-engine.ts';

interface RawAnswer {
  readonly timed_out?: boolean;
  readonly pit_id?: string;
  readonly hits: { readonly total?: { readonly value: number }; readonly hits: readonly EngineHit[] };
  readonly aggregations?: Readonly<Record<string, unknown>>;
}

interface RawExplanation {
  readonly valid: boolean;
  readonly _shards: { readonly failed: number; readonly failures?: unknown };
  readonly explanations?: readonly { readonly explanation?: string; readonly error?: string }[];
}

/** What searches ask of the cluster. */
export class ElasticSearchEngine implements SearchEngine {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async search(body: SearchBody): Promise<SearchAnswer> {
    const { names, preference } = this.#engine;
    const inPointInTime = body.pit !== undefined;
    const answer = await this.#ask<RawAnswer>({
      method: 'POST',
      path: inPointInTime ? '/_search' : `/${names.read}/_search`,
      // A point in time chose its copies when it was opened.
      query: { allow_partial_search_results: false, ...(inPointInTime ? {} : { preference }) },
      body,
    });
    if (answer.timed_out === true) throw unavailable('The search took too long.');
    return {
      total: answer.hits.total?.value,
      hits: answer.hits.hits,
      aggregations: answer.aggregations ?? {},
      ...(answer.pit_id === undefined ? {} : { pit: answer.pit_id }),
    };
  }

  async openPointInTime(keepAlive: string): Promise<string> {
    const { names, preference } = this.#engine;
    const { id } = await this.#ask<{ id: string }>({
      method: 'POST',
      path: `/${names.read}/_pit`,
      query: { keep_alive: keepAlive, preference },
    });
    return id;
  }

  async closePointInTime(id: string): Promise<void> {
    try {
      await this.#engine.connection.request({ method: 'DELETE', path: '/_pit', body: { id } });
    } catch (error) {
      // It has ended already.
      if (engineErrorOf(error)?.status !== 404) throw toIndexFault(error);
    }
  }

  async explain(query: Dsl): Promise<readonly string[]> {
    const {
      valid,
      explanations = [],
      _shards,
    } = await this.#ask<RawExplanation>({
      method: 'POST',
      path: `/${this.#engine.names.read}/_validate/query`,
      query: { explain: true, rewrite: true, all_shards: true },
      body: { query },
    });
    // A shard that could not rewrite the query is left out, and the answer still says `valid`.
    if (valid && _shards.failed === 0 && explanations.length > 0)
      return explanations.map(({ explanation }) => explanation ?? '');
    const said = JSON.stringify([_shards.failures, explanations.map(({ error }) => error)]);
    if (hasTooManyClauses(said)) throw new HoldfastError('QueryRefused', tooManyClauses);
    throw unavailable(`Elasticsearch does not accept a query: ${said.slice(0, 200)}`);
  }

  async #ask<T>(request: Parameters<typeof read>[1]): Promise<T> {
    try {
      return await read<T>(this.#engine, request);
    } catch (error) {
      if (hasTooManyClauses(bodyOf(error)))
        throw new HoldfastError('QueryRefused', tooManyClauses, { cause: error });
      throw toIndexFault(error);
    }
  }
}

const bodyOf = (error: unknown): string => JSON.stringify(Object(error).body ?? '');

const hasTooManyClauses = (text: string): boolean => /too_many_(nested_)?clauses|maxClauseCount/i.test(text);
