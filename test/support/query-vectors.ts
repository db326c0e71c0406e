import { cjkVectors } from './vectors/cjk-vectors.ts';
import { dateVectors } from './vectors/date-vectors.ts';
import { factVectors } from './vectors/fact-vectors.ts';
import { nearVectors } from './vectors/near-vectors.ts';
import { operatorVectors } from './vectors/operator-vectors.ts';
import { peopleVectors } from './vectors/people-vectors.ts';
import type { QueryVector } from './vectors/vector.ts';
import { wordVectors } from './vectors/word-vectors.ts';

/** Every answered query with its items: run on each evaluator, they must agree. */
export const queryVectors: readonly QueryVector[] = [
  ...wordVectors,
  ...cjkVectors,
  ...nearVectors,
  ...operatorVectors,
  ...peopleVectors,
  ...factVectors,
  ...dateVectors,
];
