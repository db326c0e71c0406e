import type { SQLInputValue } from 'node:sqlite';

/**
 * A two-valued condition on one version row. `match` is an FTS5 expression that stands for itself in any place; `where`
 * is SQL over the narrow table `version v`.
 */
export type Condition =
  | { readonly type: 'all' | 'none' }
  | { readonly type: 'match'; readonly expression: string }
  | { readonly type: 'where'; readonly sql: string; readonly values: readonly SQLInputValue[] }
  | { readonly type: 'and' | 'or'; readonly operands: readonly Condition[] }
  | { readonly type: 'not'; readonly operand: Condition };

export const all: Condition = { type: 'all' };
export const none: Condition = { type: 'none' };

export const match = (expression: string): Condition => ({ type: 'match', expression });

export const where = (sql: string, ...values: readonly SQLInputValue[]): Condition => ({
  type: 'where',
  sql,
  values,
});

export const both = (...operands: readonly Condition[]): Condition => combine('and', operands);
export const either = (...operands: readonly Condition[]): Condition => combine('or', operands);

export const negate = (operand: Condition): Condition => {
  switch (operand.type) {
    case 'all':
      return none;
    case 'none':
      return all;
    case 'not':
      return operand.operand;
    default:
      return { type: 'not', operand };
  }
};

/** Constants are folded and like operators flattened, so they are only ever the whole condition. */
const combine = (type: 'and' | 'or', given: readonly Condition[]): Condition => {
  const [neutral, deciding] = type === 'and' ? ['all', 'none'] : ['none', 'all'];
  const operands = given
    .flatMap((operand) => (isOperator(operand) && operand.type === type ? operand.operands : [operand]))
    .filter((operand) => operand.type !== neutral);
  const decided = operands.find((operand) => operand.type === deciding);
  if (decided !== undefined) return decided;
  if (operands.length === 0) return type === 'and' ? all : none;
  return operands.length === 1 ? operands[0]! : { type, operands };
};

type Operator = Extract<Condition, { readonly type: 'and' | 'or' }>;

const isOperator = (condition: Condition): condition is Operator =>
  condition.type === 'and' || condition.type === 'or';
