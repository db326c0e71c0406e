import { peopleTerms } from '../item/keys.ts';
import type { KeysLeaf, OnlyLeaf } from './ast.ts';

/**
 * A condition on keys that every version for which `only` is true or unknown satisfies: its sender is in the list.
 * Undefined where there is none but "everything". Under NOT it must not be used: there it is not a superset.
 */
export const onlySuperset = ({ of, members }: OnlyLeaf): KeysLeaf | undefined => {
  if (of !== 'participants' && of !== 'present') return undefined;
  const equal = members.flatMap((member) => member.equal);
  const prefixes = members.flatMap((member) => member.prefixes);
  return { type: 'keys', ...peopleTerms('from', { equal, prefixes }) };
};
