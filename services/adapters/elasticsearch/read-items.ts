import type { ElasticsearchDocument } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import type { ConversationPage, ConversationRange } from '../../ports/archive-index.ts';
import { type Engine, searchAll } from './engine.ts';
import { getDocuments } from './read-heads.ts';
import { itemOf } from './stored-document.ts';

export const readItems = async (
  engine: Engine,
  ids: readonly string[],
): Promise<readonly (Item | undefined)[]> => {
  const documents = await getDocuments<{ item: string }>(engine, [...new Set(ids)], {
    alias: engine.names.read,
    fields: ['item'],
    isForWrite: false,
  });
  const items = new Map(documents.map(({ _id, _source }) => [_id, itemOf(_id, _source)]));
  return ids.map((id) => items.get(id));
};

/** A page of one conversation, or of one session of it. */
export const readConversation = async (
  engine: Engine,
  range: ConversationRange,
): Promise<ConversationPage> => {
  const order = range.from === undefined ? 'desc' : 'asc';
  const { hits, aggregations } = await searchAll<Pick<ElasticsearchDocument, 'item' | 'firstOffset'>>(
    engine,
    {
      query: { bool: { filter: membersOf(range) } },
      post_filter: { range: { firstOffset: boundsOf(range) } },
      sort: [{ firstOffset: order }, { partition: order }],
      size: range.limit,
      track_total_hits: false,
      _source: ['item', 'firstOffset'],
      aggs: { first: { min: { field: 'firstOffset' } }, last: { max: { field: 'firstOffset' } } },
    },
  );
  const found = order === 'desc' ? hits.hits.toReversed() : hits.hits;
  const first = endOf(aggregations, 'first');
  const last = endOf(aggregations, 'last');
  const items = found.map(({ _id, _source }) => itemOf(_id, _source));
  if (first === undefined || last === undefined) return { items: [], hasBefore: false, hasAfter: false };
  return {
    items,
    hasBefore: first < (found[0]?._source.firstOffset ?? range.from ?? 0),
    hasAfter: last > (found.at(-1)?._source.firstOffset ?? (range.before ?? Number.POSITIVE_INFINITY) - 1),
  };
};

const membersOf = ({ conversation, session }: ConversationRange): object[] => [
  { term: { conversation } },
  ...(session === undefined ? [] : [{ term: { session } }]),
];

const boundsOf = ({ from, before }: ConversationRange): object => ({
  gte: from ?? 0,
  ...(before === undefined ? {} : { lt: before }),
});

/** Undefined where there are no items at all. */
const endOf = (
  aggregations: Readonly<Record<string, unknown>> | undefined,
  name: string,
): number | undefined => Object(aggregations?.[name]).value ?? undefined;
