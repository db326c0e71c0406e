import type { Dsl } from './search-engine.ts';

/** The text fields of a version in the index. */
export type WordField = 'subject' | 'body' | 'names' | 'joined' | 'keys';

/** A condition on one version; negations stand at leaves only, so that groups of the engine do not pile up. */
export type Condition =
  | { readonly type: 'all' | 'none' }
  | Leaf
  | { readonly type: 'not'; readonly operand: Leaf }
  | Group;

export interface Group {
  readonly type: 'and' | 'or';
  readonly operands: readonly Condition[];
}

export type Leaf =
  /** One of these words stands in the field. */
  | { readonly type: 'words'; readonly field: WordField; readonly words: readonly string[] }
  | {
      readonly type: 'clause';
      readonly dsl: Dsl;
      /** About how many clauses the engine makes of it. */
      readonly clauses: number;
      /** Says the same of every version of an item and stands outside of `versions`. */
      readonly ofItem?: true;
      /** A cheaper condition that holds wherever this one does. */
      readonly looser?: Condition;
    };

export const all: Condition = { type: 'all' };
export const none: Condition = { type: 'none' };

export const words = (field: WordField, ...list: readonly string[]): Condition =>
  list.length === 0 ? none : { type: 'words', field, words: list };

export const both = (...operands: readonly Condition[]): Condition => combine('and', operands);
export const either = (...operands: readonly Condition[]): Condition => combine('or', operands);

export const negate = (condition: Condition): Condition => {
  switch (condition.type) {
    case 'all':
      return none;
    case 'none':
      return all;
    case 'not':
      return condition.operand;
    case 'and':
      return either(...condition.operands.map(negate));
    case 'or':
      return both(...condition.operands.map(negate));
    default:
      return { type: 'not', operand: condition };
  }
};

/** Constants are folded, like operators flattened and alternative words of a field made one leaf. */
const combine = (type: Group['type'], given: readonly Condition[]): Condition => {
  const [neutral, deciding] = type === 'and' ? ['all', 'none'] : ['none', 'all'];
  const flat = given
    .flatMap((operand) => (isGroup(operand) && operand.type === type ? operand.operands : [operand]))
    .filter((operand) => operand.type !== neutral);
  const decided = flat.find((operand) => operand.type === deciding);
  if (decided !== undefined) return decided;
  const operands = type === 'or' ? joinWords(distinct(flat)) : distinct(flat);
  if (operands.length === 0) return type === 'and' ? all : none;
  return operands.length === 1 ? operands[0]! : { type, operands };
};

/** Each leaf once, as far as it is the very same: most conditions doubt the same unread versions. */
const distinct = (operands: readonly Condition[]): readonly Condition[] => {
  const seen = { plain: new Set<Condition>(), negated: new Set<Condition>() };
  return operands.filter((operand) => {
    const [set, leaf] = operand.type === 'not' ? [seen.negated, operand.operand] : [seen.plain, operand];
    return set.size < set.add(leaf).size;
  });
};

export const isGroup = (condition: Condition): condition is Group =>
  condition.type === 'and' || condition.type === 'or';

const joinWords = (operands: readonly Condition[]): readonly Condition[] => {
  const perField = new Map<WordField, Set<string>>();
  const others: Condition[] = [];
  for (const operand of operands) {
    if (operand.type !== 'words') others.push(operand);
    else {
      const found = perField.get(operand.field) ?? new Set();
      for (const word of operand.words) found.add(word);
      perField.set(operand.field, found);
    }
  }
  return [...[...perField].map(([field, list]) => words(field, ...list)), ...others];
};
