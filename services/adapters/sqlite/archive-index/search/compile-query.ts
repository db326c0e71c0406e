import type { DateLeaf, NearLeaf, OnlyLeaf, Query, TextLeaf } from '../../../../core/query/ast.ts';
import { both, type Condition, either, negate, none, where } from './condition.ts';
import { isLongPhrase, matchKeys, matchText, unreadRows } from './match-leaf.ts';

/**
 * Two of the three values as conditions: `sure` where the query is true, `possible` where it is true or unknown.
 * NOT swaps them: not false is possible, so what is surely not the case is what is not possible.
 */
export interface Compiled {
  readonly sure: Condition;
  readonly possible: Condition;
  /** Holds wherever some leaf is unknown, and so wherever the two differ; there are few such rows, often none. */
  readonly doubt: Condition;
}

/** Answers of the leaves that FTS5 alone cannot give, found before. */
export type ResolveLeaf = (leaf: NearLeaf | OnlyLeaf | TextLeaf) => Compiled;

export const compileQuery = (query: Query, resolve: ResolveLeaf): Compiled => {
  switch (query.type) {
    case 'and':
    case 'or': {
      const operands = query.operands.map((operand) => compileQuery(operand, resolve));
      const combine = query.type === 'and' ? both : either;
      return {
        sure: combine(...operands.map(({ sure }) => sure)),
        possible: combine(...operands.map(({ possible }) => possible)),
        doubt: either(...operands.map(({ doubt }) => doubt)),
      };
    }
    case 'not': {
      const { sure, possible, doubt } = compileQuery(query.operand, resolve);
      return { sure: negate(possible), possible: negate(sure), doubt };
    }
    case 'text': {
      if (isLongPhrase(query)) return resolve(query);
      const sure = matchText(query);
      if (query.field !== 'any') return exactly(sure);
      return { sure, possible: either(sure, unreadRows), doubt: unreadRows };
    }
    case 'keys': {
      const sure = matchKeys(query);
      const unknown = query.unknownWith;
      if (unknown === undefined) return exactly(sure);
      const doubt = matchKeys({ equal: [unknown], prefixes: [] });
      return { sure, possible: either(sure, doubt), doubt };
    }
    case 'near':
    case 'only':
      return resolve(query);
    case 'date':
      return exactly(compileDate(query));
  }
};

export const exactly = (condition: Condition): Compiled => ({
  sure: condition,
  possible: condition,
  doubt: none,
});

const compileDate = ({ property, fromMs, toMs }: DateLeaf): Condition => {
  const within = (column: string): Condition =>
    both(
      ...(fromMs === undefined ? [] : [where(`${column} >= ?`, fromMs)]),
      ...(toMs === undefined ? [] : [where(`${column} < ?`, toMs)]),
    );
  switch (property) {
    case 'sent':
      return within('v.sent');
    case 'edited':
      return placesIn('item, json_each(item.edits) AS edit', 'item.edits IS NOT NULL', within('edit.value'));
    case 'deleted':
      return placesIn('item', 'item.deleted IS NOT NULL', within('item.deleted'));
  }
};

const placesIn = (source: string, marked: string, condition: Condition): Condition => {
  const parts = condition.type === 'and' ? condition.operands : [condition];
  const bounds = parts.flatMap((part) => (part.type === 'where' ? [part] : []));
  const conditions = [marked, ...bounds.map(({ sql }) => sql)].join(' AND ');
  return where(
    `v.place IN (SELECT item.place FROM ${source} WHERE ${conditions})`,
    ...bounds.flatMap(({ values }) => values),
  );
};
