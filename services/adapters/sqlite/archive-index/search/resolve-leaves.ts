import type { Item } from '../../../../../schemas/archive/item.ts';
import { partSeparator } from '../../../../core/analysis/special-tokens.ts';
import type { NearLeaf, OnlyLeaf, Query, TextField, TextLeaf } from '../../../../core/query/ast.ts';
import { hasPhrase, nearPairs } from '../../../../core/query/find-phrase.ts';
import { candidateOf, matchVersion } from '../../../../core/query/match-item.ts';
import { onlySuperset } from '../../../../core/query/only-superset.ts';
import type { IndexConnection, Row } from '../index-connection.ts';
import { itemAt } from '../read-items.ts';
import { type Compiled, compileQuery, exactly, type ResolveLeaf } from './compile-query.ts';
import { all, both, type Condition, either, none, where } from './condition.ts';
import {
  columnsOf,
  isExactNear,
  isLongPhrase,
  matchKeys,
  nearSuperset,
  phraseSuperset,
  unreadRows,
} from './match-leaf.ts';
import { writeMatch } from './write-match.ts';
import { rowsThat } from './write-sql.ts';

/**
 * Finds a superset of the rows for each NEAR, long phrase and `only:` and asks the pure matcher about each of them. Only rows that
 * the rest of the query leaves possible are asked about: what a leaf says of others cannot matter.
 */
export const resolveLeaves = (connection: IndexConnection, query: Query): ResolveLeaf => {
  const context = contextOf(query);
  const resolved = new Map<Query, Compiled>();
  return (leaf) => {
    let answer = resolved.get(leaf);
    if (answer === undefined) {
      answer =
        leaf.type === 'only'
          ? resolveOnly(connection, leaf, context)
          : resolveWords(connection, leaf, context);
      resolved.set(leaf, answer);
    }
    return answer;
  };
};

/** What every possible row satisfies, as far as it needs none of these. */
const contextOf = (query: Query): Condition => {
  const parts = query.type === 'and' ? query.operands : [query];
  const plain = parts.filter((part) => !hasResolvedLeaf(part));
  return both(...plain.map((part) => compileQuery(part, unexpected).possible));
};

const unexpected: ResolveLeaf = () => ({ sure: all, possible: all, doubt: all });

const hasResolvedLeaf = (query: Query): boolean => {
  if (query.type === 'and' || query.type === 'or') return query.operands.some(hasResolvedLeaf);
  if (query.type === 'not') return hasResolvedLeaf(query.operand);
  return query.type === 'near' || query.type === 'only' || (query.type === 'text' && isLongPhrase(query));
};

type WordsLeaf = NearLeaf | TextLeaf;

const supersetOf = (columns: string, leaf: WordsLeaf): Condition =>
  leaf.type === 'near' ? nearSuperset(columns, leaf) : phraseSuperset(columns, leaf);

const holdsIn = (tokens: readonly string[], leaf: WordsLeaf): boolean =>
  leaf.type === 'near' ? !nearPairs(tokens, leaf).next().done : hasPhrase(tokens, leaf.phrase);

const resolveWords = (connection: IndexConnection, leaf: WordsLeaf, context: Condition): Compiled => {
  const sure =
    leaf.type === 'near' && isExactNear(leaf)
      ? either(
          ...plainColumns(leaf.field).map((columns) => nearSuperset(columns, leaf)),
          // Several attachment names share a column, so what FTS5 finds there may reach from one into the next.
          ...(leaf.field === 'any' || leaf.field === 'names'
            ? [askAbout(connection, leaf, 'names', context)]
            : []),
        )
      : askAbout(connection, leaf, leaf.field, context);
  if (leaf.field !== 'any') return exactly(sure);
  return { sure, possible: either(sure, unreadRows), doubt: unreadRows };
};

/** Columns that hold one part each. */
const plainColumns = (field: TextField): readonly string[] => {
  if (field === 'any') return ['{subject body}'];
  return field === 'names' ? [] : [columnsOf[field]];
};

/** Rows for which the matcher says so. */
const askAbout = (
  connection: IndexConnection,
  leaf: WordsLeaf,
  field: TextField,
  context: Condition,
): Condition => {
  const superset = supersetOf(columnsOf[field], leaf);
  const rows: number[] = [];
  for (const row of findWords(connection, both(context, superset)))
    if (partsOf(row, field).some((tokens) => holdsIn(tokens, leaf))) rows.push(Number(row.n));
  return both(superset, rowsIn(rows));
};

const findWords = (connection: IndexConnection, candidates: Condition): Iterable<Row> => {
  if (candidates.type === 'none') return [];
  const expression = writeMatch(candidates);
  const columns = 'SELECT rowid AS n, subject, body, names FROM words';
  if (expression !== undefined) return connection.each(`${columns} WHERE words MATCH ?`, [expression]);
  const { source, condition } = rowsThat(candidates);
  return connection.each(
    `${columns} WHERE rowid IN (SELECT v.n FROM ${source} WHERE ${condition.sql})`,
    condition.values,
  );
};

/** Tokens of each part: neither the columns nor two attachment names touch each other. */
const partsOf = (row: Row, field: TextField): string[][] => {
  const columns = field === 'any' ? (['subject', 'body', 'names'] as const) : ([field] as const);
  return columns.flatMap((column) =>
    String(row[column])
      .split(partSeparator)
      .map((part) => part.split(' ').filter((token) => token !== '')),
  );
};

const resolveOnly = (connection: IndexConnection, only: OnlyLeaf, context: Condition): Compiled => {
  const superset = onlySuperset(only);
  const candidates = both(context, superset === undefined ? all : matchKeys(superset));
  if (candidates.type === 'none') return exactly(none);
  const { source, condition } = rowsThat(candidates);
  const rows = connection.each(
    `SELECT v.n, v.place, v.number FROM ${source} WHERE ${condition.sql} ORDER BY v.place`,
    condition.values,
  );
  const sure: number[] = [];
  const unknown: number[] = [];
  let item: Item | undefined;
  let place = -1;
  for (const row of rows) {
    if (row.place !== place) item = itemAt(connection, Number(row.place));
    place = Number(row.place);
    const version = item?.versions.find(({ number }) => number === row.number);
    if (item === undefined || version === undefined) continue;
    const truth = matchVersion(only, candidateOf(item, version));
    if (truth === 'true') sure.push(Number(row.n));
    if (truth === 'unknown') unknown.push(Number(row.n));
  }
  return { sure: rowsIn(sure), possible: rowsIn([...sure, ...unknown]), doubt: rowsIn(unknown) };
};

const rowsIn = (rows: readonly number[]): Condition =>
  rows.length === 0 ? none : where('v.n IN (SELECT value FROM json_each(?))', JSON.stringify(rows));
