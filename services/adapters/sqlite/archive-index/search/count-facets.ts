import { type Item, ItemKind } from '../../../../../schemas/archive/item.ts';
import { toIndexDocument } from '../../../../core/item/index-document.ts';
import { fixedKey } from '../../../../core/item/keys.ts';
import type { FacetCount, IndexFacet } from '../../../../ports/archive-index.ts';
import type { IndexConnection } from '../index-connection.ts';
import { itemAt } from '../read-items.ts';
import { both, type Condition } from './condition.ts';
import { countItems } from './count-items.ts';
import { matchKeys } from './match-leaf.ts';
import { rowsThat } from './write-sql.ts';

const quarterHourMs = 15 * 60 * 1000;

const facetValue: Record<IndexFacet, (item: Item) => string> = {
  kind: ({ kind }) => kind,
  conversation: ({ conversation }) => conversation.id,
  sender: ({ versions }) => versions[0]?.author.address ?? '',
  quarterHour: (item) => String(Math.floor(toIndexDocument(item).sent / quarterHourMs) * quarterHourMs),
};

/** Every value of a facet over the rows of the condition and further items, most frequent first, then by value. */
export const countFacet = (
  connection: IndexConnection,
  facet: IndexFacet,
  { rows, items }: { readonly rows: Condition; readonly items: readonly Item[] },
): readonly FacetCount[] => {
  const counts = new Map<string, number>();
  const add = (value: string, count: number) => counts.set(value, (counts.get(value) ?? 0) + count);
  if (facet === 'kind') countKinds(connection, rows, add);
  else countGroups(connection, rows, { facet, add });
  for (const item of items) add(facetValue[facet](item), 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)));
};

type Add = (value: string, count: number) => void;

const countKinds = (connection: IndexConnection, rows: Condition, add: Add): void => {
  for (const kind of ItemKind.options) {
    const ofKind = matchKeys({ equal: [fixedKey('kind', kind)], prefixes: [] });
    const count = countItems(connection, both(rows, ofKind));
    if (count > 0) add(kind, count);
  }
};

const groupOf = {
  conversation: 'v.conversation',
  sender: 'v.sender',
  quarterHour: `v.first_sent / ${quarterHourMs} - (v.first_sent % ${quarterHourMs} < 0)`,
} as const;

/** Groups are numbers; what one stands for is read from an item of it. */
const countGroups = (
  connection: IndexConnection,
  rows: Condition,
  { facet, add }: { facet: keyof typeof groupOf; add: Add },
): void => {
  if (rows.type === 'none') return;
  const { source, condition } = rowsThat(rows);
  const groups = connection.query(
    `SELECT min(v.place) AS place,
        count(*) FILTER (WHERE NOT v.many) + count(DISTINCT CASE WHEN v.many THEN v.place END) AS items
      FROM ${source} WHERE ${condition.sql} GROUP BY ${groupOf[facet]}`,
    condition.values,
  );
  for (const { place, items } of groups) {
    const item = itemAt(connection, Number(place));
    if (item !== undefined) add(facetValue[facet](item), Number(items));
  }
};
