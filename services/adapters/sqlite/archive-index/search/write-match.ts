import { both, type Condition, negate } from './condition.ts';
import { allRows } from './match-leaf.ts';

/** FTS5's parser has a stack of 100; a group inside another takes up to three entries, a leaf about eight. */
const maxDepth = 26;

interface Written {
  readonly expression: string;
  readonly depth: number;
}

/** The condition as one FTS5 expression; undefined if it needs more than FTS5, or more of it than it can parse. */
export const writeMatch = (condition: Condition): string | undefined => {
  const written = write(condition);
  return written === undefined || written.depth > maxDepth ? undefined : written.expression;
};

const write = (condition: Condition): Written | undefined => {
  switch (condition.type) {
    case 'match':
      return { expression: condition.expression, depth: 1 };
    case 'all':
      return { expression: allRows, depth: 1 };
    case 'none':
    case 'where':
      return undefined;
    case 'not':
      return writeDifference([], [condition.operand]);
    case 'or': {
      // One difference for all of them: each walks every row.
      const [included, excluded] = split(condition.operands);
      const operands = excluded.length < 2 ? condition.operands : [...included, negate(both(...excluded))];
      return join(writeAll(operands), ' OR ');
    }
    case 'and': {
      const [included, excluded] = split(condition.operands);
      return excluded.length === 0 ? join(writeAll(included), ' AND ') : writeDifference(included, excluded);
    }
  }
};

/** What is asked for, and what must not be. */
const split = (operands: readonly Condition[]): [included: Condition[], excluded: Condition[]] => [
  operands.filter((operand) => operand.type !== 'not'),
  operands.flatMap((operand) => (operand.type === 'not' ? [operand.operand] : [])),
];

/** FTS5 has no unary NOT: what is excluded is taken from what is included, or from all rows. */
const writeDifference = (
  included: readonly Condition[],
  excluded: readonly Condition[],
): Written | undefined => {
  const from = included.length === 0 ? write({ type: 'all' }) : join(writeAll(included), ' AND ');
  const taken = join(writeAll(excluded), ' OR ');
  if (from === undefined || taken === undefined) return undefined;
  return {
    expression: `(${from.expression} NOT ${taken.expression})`,
    depth: Math.max(from.depth, taken.depth) + 1,
  };
};

const writeAll = (conditions: readonly Condition[]): Written[] | undefined => {
  const written = conditions.map(write);
  return written.every((one) => one !== undefined) ? written : undefined;
};

/** Each once. The deepest first: what comes before it would stay on the parser's stack. */
const join = (written: readonly Written[] | undefined, operator: string): Written | undefined => {
  if (written === undefined) return undefined;
  const distinct = new Map(written.map((one) => [one.expression, one]));
  const deepestFirst = [...distinct.values()].sort((a, b) => b.depth - a.depth);
  const [deepest] = deepestFirst;
  if (deepestFirst.length === 1) return deepest;
  return {
    expression: `(${deepestFirst.map(({ expression }) => expression).join(operator)})`,
    depth: (deepest?.depth ?? 0) + 1,
  };
};
