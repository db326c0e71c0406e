import { all, both, type Condition, either } from './condition.ts';

/** Fewer than any engine refuses, whatever its heap: the least that Elasticsearch allows itself is 1,024. */
const maxClauses = 500;

/** A condition that holds wherever this one does and has few clauses. */
export const loosen = (condition: Condition): Condition => loosenTo(condition, maxClauses);

const loosenTo = (condition: Condition, budget: number): Condition => {
  switch (condition.type) {
    case 'and':
      return both(...affordable(condition.operands, budget));
    case 'or': {
      const share = Math.max(1, Math.floor(budget / condition.operands.length));
      const loosened = either(...condition.operands.map((operand) => loosenTo(operand, share)));
      return clausesOf(loosened) <= budget ? loosened : all;
    }
    case 'clause':
      if (condition.clauses <= budget) return condition;
      return condition.looser === undefined ? all : loosenTo(condition.looser, budget);
    case 'not':
      return clausesOf(condition) <= budget ? condition : all;
    default:
      return condition;
  }
};

/** As many as fit, the shortest first: to leave out one that must hold is to ask for less. */
const affordable = (operands: readonly Condition[], budget: number): readonly Condition[] => {
  const kept: Condition[] = [];
  let left = budget;
  for (const operand of operands.toSorted((a, b) => clausesOf(a) - clausesOf(b))) {
    if (left <= 0) break;
    const loosened = loosenTo(operand, left);
    left -= clausesOf(loosened);
    kept.push(loosened);
  }
  return kept;
};

const clausesOf = (condition: Condition): number => {
  switch (condition.type) {
    case 'and':
    case 'or':
      return condition.operands.reduce((sum, operand) => sum + clausesOf(operand), 0);
    case 'clause':
      return condition.clauses;
    case 'not':
      return clausesOf(condition.operand);
    default:
      return 1;
  }
};
