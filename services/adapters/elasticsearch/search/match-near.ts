import { partSeparator } from '../../../core/analysis/special-tokens.ts';
import type { NearLeaf, Phrase } from '../../../core/query/ast.ts';
import { both, type Condition, either, none, type WordField } from './condition.ts';
import { clause, fieldsOf, hasTokens, pathOf, spanOf } from './match-leaf.ts';
import type { Dsl } from './search-engine.ts';

/** Beyond, the words are looked for anywhere and the matcher is asked. */
const maxPairs = 64;

/** Versions with both operands that near; undefined if there are too many pairs of lengths to say so. */
export const matchNear = (near: NearLeaf): Condition | undefined => {
  const [lefts, rights] = [near.left, near.right].map(byLength) as [Phrase[][], Phrase[][]];
  if (lefts.length === 0 || rights.length === 0) return none;
  if (lefts.length * rights.length > maxPairs) return undefined;
  const pairs = lefts.flatMap((left) => rights.map((right): [Phrase[], Phrase[]] => [left, right]));
  const inOrder = near.ordered
    ? pairs
    : pairs.flatMap(([left, right]) => [
        [left, right],
        [right, left],
      ]);
  return either(
    ...fieldsOf[near.field].map((field) => {
      const spans = inOrder.map((operands) => spanNear(field, operands, near.distance));
      const dsl = spans.length === 1 ? spans[0]! : { bool: { should: spans, minimum_should_match: 1 } };
      return clause(dsl, clausesOf(inOrder), nearSuperset(field, near));
    }),
  );
};

/** What every version that satisfies the NEAR has in the field. */
const nearSuperset = (field: WordField, { left, right }: NearLeaf): Condition =>
  both(...[left, right].map((phrases) => either(...phrases.map((phrase) => hasTokens(field, phrase)))));

export const nearWords = (near: NearLeaf): Condition =>
  either(...fieldsOf[near.field].map((field) => nearSuperset(field, near)));

/**
 * Alternatives of one length each: the engine walks the places of both operands forward only, which passes over pairs
 * if a longer place of the first operand comes before a shorter one that ends earlier.
 */
const byLength = (phrases: readonly Phrase[]): Phrase[][] => {
  const groups = new Map<number, Phrase[]>();
  for (const phrase of phrases) {
    const length = phrase.tokens.length;
    if (length > 0) groups.set(length, [...(groups.get(length) ?? []), phrase]);
  }
  return [...groups.values()];
};

const clausesOf = (pairs: readonly (readonly Phrase[])[][]): number => {
  const phrases = pairs.flat(2);
  if (phrases.some(({ prefix }) => prefix)) return Number.POSITIVE_INFINITY;
  return phrases.reduce((sum, { tokens }) => sum + tokens.length, 0);
};

const spanNear = (field: WordField, operands: readonly (readonly Phrase[])[], slop: number): Dsl => {
  const clauses = operands.map((phrases) => {
    const spans = phrases.map((phrase) => spanOf(field, phrase));
    return spans.length === 1 ? spans[0]! : { span_or: { clauses: spans } };
  });
  const near = { span_near: { clauses, slop, in_order: true } };
  if (field !== 'names') return near;
  // Several attachment names share a field; a pair must not reach from one into the next.
  return { span_not: { include: near, exclude: { span_term: { [pathOf(field)]: partSeparator } } } };
};
