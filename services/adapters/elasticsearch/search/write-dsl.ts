import { both, type Condition, all as everyVersion, isGroup, type Leaf } from './condition.ts';
import { pathOf } from './match-leaf.ts';
import type { Dsl } from './search-engine.ts';

const nothing: Dsl = { match_none: {} };
const everything: Dsl = { match_all: {} };

/** The condition on the fields it names, be they of a version or of an item. */
export const writeDsl = (condition: Condition): Dsl => {
  switch (condition.type) {
    case 'all':
      return everything;
    case 'none':
      return nothing;
    case 'not':
      return { bool: { must_not: [writeLeaf(condition.operand)] } };
    case 'or':
      return anyOf(condition.operands.map(writeDsl));
    case 'and': {
      const excluded = condition.operands.flatMap((one) => (one.type === 'not' ? [one.operand] : []));
      const included = condition.operands.filter((one) => one.type !== 'not');
      return allOf(included.map(writeDsl), excluded.map(writeLeaf));
    }
    default:
      return writeLeaf(condition);
  }
};

const writeLeaf = (leaf: Leaf): Dsl => {
  if (leaf.type === 'clause') return leaf.dsl;
  const [first] = leaf.words;
  const path = pathOf(leaf.field);
  return leaf.words.length === 1 ? { term: { [path]: { value: first } } } : { terms: { [path]: leaf.words } };
};

export const anyOf = (queries: readonly Dsl[]): Dsl =>
  queries.length === 1 ? queries[0]! : { bool: { should: queries, minimum_should_match: 1 } };

export const allOf = (filter: readonly Dsl[], mustNot: readonly Dsl[] = []): Dsl =>
  filter.length === 1 && mustNot.length === 0
    ? filter[0]!
    : {
        bool: {
          ...(filter.length === 0 ? {} : { filter }),
          ...(mustNot.length === 0 ? {} : { must_not: mustNot }),
        },
      };

/** Conditions on an item and on one of its versions, both of which must hold. */
interface Split {
  readonly item: Condition;
  readonly version: Condition;
}

/** Beyond, the engine is not asked for it. */
const maxSplits = 64;

/** Items with a version that satisfies the condition; undefined if conditions on items and on versions mix too much. */
export const writeSomeVersion = (condition: Condition): Dsl | undefined => {
  if (condition.type === 'none') return nothing;
  const splits = split(condition);
  if (splits === undefined) return undefined;
  return anyOf(
    splits.map(({ item, version }) => {
      const nested = { nested: { path: 'versions', score_mode: 'none', query: writeDsl(version) } };
      return item.type === 'all' ? nested : allOf([writeDsl(item), nested]);
    }),
  );
};

const split = (condition: Condition): readonly Split[] | undefined => {
  if (!mentionsItem(condition)) return [{ item: everyVersion, version: condition }];
  if (!isGroup(condition)) return [{ item: condition, version: everyVersion }];
  const mixed = condition.operands.filter(mentionsItem);
  const { type } = condition;
  const plain: Condition = { type, operands: condition.operands.filter((one) => !mentionsItem(one)) };
  const parts = mixed.map(split);
  let splits: readonly Split[] = plain.operands.length === 0 ? [] : [{ item: everyVersion, version: plain }];
  for (const part of parts) {
    if (part === undefined) return undefined;
    splits = type === 'or' || splits.length === 0 ? [...splits, ...part] : multiply(splits, part);
    if (splits.length > maxSplits) return undefined;
  }
  return splits;
};

const multiply = (ones: readonly Split[], others: readonly Split[]): readonly Split[] =>
  ones.flatMap((one) =>
    others.map((other) => ({
      item: both(one.item, other.item),
      version: both(one.version, other.version),
    })),
  );

const mentionsItem = (condition: Condition): boolean => {
  if (isGroup(condition)) return condition.operands.some(mentionsItem);
  const leaf = condition.type === 'not' ? condition.operand : condition;
  return leaf.type === 'clause' && leaf.ofItem === true;
};
