import { isChangingKey } from '../../../core/item/keys.ts';
import type { Query } from '../../../core/query/ast.ts';
import { onlySuperset } from '../../../core/query/only-superset.ts';
import { all, both, type Condition, either, negate, none, words } from './condition.ts';
import { matchDate, matchKeys, matchText, unreadVersions } from './match-leaf.ts';
import { matchNear, nearWords } from './match-near.ts';

/**
 * Two of the three values as conditions on a version: `sure` where the query is true, `possible` where it is true or
 * unknown. NOT swaps them: what is surely not the case is what is not possible. Where not `exact`, something the
 * engine cannot say stands in the query: then `sure` holds in too few and `possible` in too many versions.
 */
export interface Compiled {
  readonly sure: Condition;
  readonly possible: Condition;
  /** Holds wherever some leaf is unknown, and so wherever the two differ. */
  readonly doubt: Condition;
  readonly exact: boolean;
}

/** `asOf`: an item may have got an edit or a deletion since, so nothing that these change is relied on. */
export const compileQuery = (query: Query, options: { readonly asOf: boolean }): Compiled => {
  switch (query.type) {
    case 'and':
    case 'or': {
      const operands = query.operands.map((operand) => compileQuery(operand, options));
      const combine = query.type === 'and' ? both : either;
      return {
        sure: combine(...operands.map(({ sure }) => sure)),
        possible: combine(...operands.map(({ possible }) => possible)),
        doubt: either(...operands.map(({ doubt }) => doubt)),
        exact: operands.every(({ exact }) => exact),
      };
    }
    case 'not': {
      const { sure, possible, doubt, exact } = compileQuery(query.operand, options);
      return { sure: negate(possible), possible: negate(sure), doubt, exact };
    }
    case 'text':
      return query.field === 'any'
        ? unlessIn(unreadVersions, matchText(query))
        : unlessIn(none, matchText(query));
    case 'near': {
      const near = matchNear(query);
      if (near === undefined) return atMost(nearOrUnread(query));
      return unlessIn(query.field === 'any' ? unreadVersions : none, near);
    }
    case 'keys': {
      if (options.asOf && [...query.equal, ...query.prefixes].some(isChangingKey)) return atMost(all);
      const unknown = query.unknownWith;
      return unlessIn(unknown === undefined ? none : words('keys', unknown), matchKeys(query));
    }
    case 'only': {
      const superset = onlySuperset(query);
      return atMost(superset === undefined ? all : matchKeys(superset));
    }
    case 'date':
      if (options.asOf && query.property !== 'sent') return atMost(all);
      return unlessIn(none, matchDate(query));
  }
};

const unlessIn = (doubt: Condition, sure: Condition): Compiled => ({
  sure,
  possible: either(sure, doubt),
  doubt,
  exact: true,
});

const atMost = (possible: Condition): Compiled => ({ sure: none, possible, doubt: all, exact: false });

const nearOrUnread = (near: Extract<Query, { readonly type: 'near' }>): Condition =>
  either(nearWords(near), near.field === 'any' ? unreadVersions : none);
