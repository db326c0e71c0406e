import type { SQLInputValue } from 'node:sqlite';
import { both, type Condition, either, negate } from './condition.ts';
import { writeMatch } from './write-match.ts';

/** A piece of SQL with the values of its parameters, in order. */
export interface Sql {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Where version rows are taken from, the narrow table as `v`, and which of them. */
export interface RowSource {
  readonly source: string;
  readonly condition: Sql;
}

/**
 * The version rows that satisfy a condition. What FTS5 can say of a conjunction drives, in the order of row numbers,
 * and the narrow table is looked up beside it.
 */
export const rowsThat = (condition: Condition): RowSource => {
  const operands = condition.type === 'and' ? condition.operands : [condition];
  const [matched, rest] = splitByMatch(operands);
  const positive = matched.some((operand) => operand.type !== 'not');
  const expression = positive ? writeMatch(both(...matched)) : undefined;
  if (expression === undefined) return { source: 'version v', condition: writeWhere(condition) };
  const others = writeWhere(both(...rest));
  return {
    // CROSS JOIN keeps the order: a MATCH asked row by row costs a thousand times as much.
    source: 'words CROSS JOIN version v ON v.n = words.rowid',
    condition: { sql: `words MATCH ? AND ${others.sql}`, values: [expression, ...others.values] },
  };
};

const splitByMatch = (operands: readonly Condition[]): [Condition[], Condition[]] => {
  const matched: Condition[] = [];
  const rest: Condition[] = [];
  for (const operand of operands) (writeMatch(operand) === undefined ? rest : matched).push(operand);
  return [matched, rest];
};

const prefixed = (prefix: string, { sql, values }: Sql): Sql => ({ sql: prefix + sql, values });

const writeWhere = (condition: Condition): Sql => {
  if (condition.type === 'not') return prefixed('NOT ', writeWhere(condition.operand));
  const expression = condition.type === 'all' ? undefined : writeMatch(condition);
  if (expression !== undefined)
    return { sql: 'v.n IN (SELECT rowid FROM words WHERE words MATCH ?)', values: [expression] };
  switch (condition.type) {
    case 'all':
      return { sql: 'TRUE', values: [] };
    case 'where':
      return { sql: `(${condition.sql})`, values: condition.values };
    case 'and':
    case 'or': {
      const { type, operands } = condition;
      return balance(gather(type, operands).map(writeWhere), type === 'and' ? 'AND' : 'OR');
    }
    default:
      return { sql: 'FALSE', values: [] };
  }
};

/** What FTS5 can answer becomes one subquery, unless together it is more than FTS5 can parse. */
const gather = (type: 'and' | 'or', operands: readonly Condition[]): readonly Condition[] => {
  const [matched, rest] = splitByMatch(operands);
  if (rest.length === 0 || matched.length < 2) return operands;
  const excluded = matched.flatMap((operand) => (operand.type === 'not' ? [operand.operand] : []));
  if (type === 'and' && excluded.length === matched.length) return [negate(either(...excluded)), ...rest];
  return [{ type, operands: matched }, ...rest];
};

/** SQLite allows expressions 1,000 deep, and a row of operators is as deep as it is long. */
const balance = (parts: readonly Sql[], operator: string): Sql => {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const middle = parts.length >> 1;
  const left = balance(parts.slice(0, middle), operator);
  const right = balance(parts.slice(middle), operator);
  return { sql: `(${left.sql} ${operator} ${right.sql})`, values: [...left.values, ...right.values] };
};
