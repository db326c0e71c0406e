import { setImmediate } from 'node:timers/promises';
import type { Item } from '../../../../schemas/archive/item.ts';
import type { Dsl, EngineHit, SearchAnswer, SearchBody, SearchEngine } from './search-engine.ts';

/** Renewed by every search in it; one that expires between two fails the whole search, which may be asked again. */
const keepAlive = '1m';
/** Bytes of items in one answer, about, and the most and fewest items. */
const pageBytes = 1024 * 1024;
const [fewest, most] = [10, 1000] as const;
/** Items after which others in this thread have their turn. */
const itemsAtOnce = 50;

/** One state of the index that several searches see. */
export interface Snapshot extends AsyncDisposable {
  search(body: SearchBody): Promise<SearchAnswer>;
  /** Every item that satisfies the query, in no order; as many at a time as memory allows. */
  stream(query: Dsl): AsyncIterable<Item>;
}

export const openSnapshot = async (engine: SearchEngine): Promise<Snapshot> => {
  let id = await engine.openPointInTime(keepAlive);
  const search = async (body: SearchBody): Promise<SearchAnswer> => {
    const answer = await engine.search({ ...body, pit: { id, keep_alive: keepAlive } });
    id = answer.pit ?? id;
    return answer;
  };
  return {
    search,
    stream: (query) => streamItems(search, query),
    // What is not closed expires.
    [Symbol.asyncDispose]: () => engine.closePointInTime(id).catch(() => undefined),
  };
};

const streamItems = async function* (search: Snapshot['search'], query: Dsl): AsyncGenerator<Item> {
  let after: EngineHit['sort'];
  for (let size = 100; ; ) {
    const { hits } = await search({
      query,
      size,
      sort: ['_shard_doc'],
      track_total_hits: false,
      _source: ['item'],
      ...(after === undefined ? {} : { search_after: after }),
    });
    let bytes = 0;
    for (const [at, hit] of hits.entries()) {
      const json = jsonOf(hit);
      if (at % itemsAtOnce === itemsAtOnce - 1) await setImmediate();
      bytes += json.length;
      yield JSON.parse(json) as Item;
    }
    if (hits.length < size) return;
    after = hits.at(-1)?.sort;
    size = Math.round(Math.min(most, Math.max(fewest, (pageBytes * size) / bytes)));
  }
};

const jsonOf = ({ _source }: EngineHit): string => (_source as { readonly item: string }).item;

export const itemOf = (hit: EngineHit): Item => JSON.parse(jsonOf(hit)) as Item;
