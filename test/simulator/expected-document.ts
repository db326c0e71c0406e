import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { ExpectedItem } from './oracle.ts';

type Facts = Readonly<Record<'versions' | 'reactions' | 'receipts' | 'deletion', readonly number[]>>;

const laterFact = /deleted|reaction|receipt/;

/** Offsets of the facts that show, by where they do. */
const expectedFacts = ({ facts }: ExpectedItem): Facts => {
  const at = (isMeant: (type: string) => boolean): number[] =>
    facts.filter(({ type }) => isMeant(type)).map(({ offset }) => offset);
  return {
    versions: at((type) => !laterFact.test(type)),
    reactions: at((type) => type.includes('reaction')),
    receipts: at((type) => type.includes('receipt')),
    // The first took it away; of others nothing shows.
    deletion: at((type) => type.includes('deleted')).slice(0, 1),
  };
};

const factsOf = ({ versions, reactions = [], receipts = [], deletion }: Item): Facts => {
  const offsetsOf = (marks: readonly { readonly offset: number }[]) => marks.map(({ offset }) => offset);
  return {
    versions: offsetsOf(versions),
    reactions: offsetsOf(reactions),
    receipts: offsetsOf(receipts),
    deletion: deletion === undefined ? [] : [deletion.offset],
  };
};

/** What an item of the index lacks of what the ledger accounts for. */
export const lackOf = (item: Item | undefined, expected: ExpectedItem): string | undefined => {
  const { id, facts, partition } = expected;
  if (item === undefined) return `item ${id} is not in the index`;
  if (item.partition !== partition) return `item ${id} is in partition ${item.partition}`;
  const newest = facts.at(-1)!.offset;
  if (item.newestOffset < newest) return `item ${id} ends at ${item.newestOffset}, expected ${newest}`;
  const held = Object.entries(factsOf(item));
  for (const [what, offsets] of held)
    for (const offset of expectedFacts(expected)[what as keyof Facts])
      if (!offsets.includes(offset)) return `item ${id} has the ${what} ${offsets}, and lacks ${offset}`;
  return undefined;
};

/** What a document says of offsets below `end` that the ledger does not; `expected`: undefined where the ledger knows no such item. */
export const excessOf = (
  { itemHash, ...document }: IndexDocument,
  expected: ExpectedItem | undefined,
  end: number,
): string | undefined => {
  const item = JSON.parse(document.item) as Item;
  const { id, firstOffset, newestOffset } = item;
  if (expected === undefined)
    return firstOffset < end ? `item ${id} is in the index, not in the ledger` : undefined;
  const wanted = expectedFacts(expected);
  for (const [what, offsets] of Object.entries(factsOf(item)))
    for (const offset of offsets)
      if (offset < end && !wanted[what as keyof Facts].includes(offset))
        return `item ${id} has the ${what} ${offsets}, of which ${offset} is not in the ledger`;
  const [first, newest] = [expected.facts[0]!.offset, expected.facts.at(-1)!.offset];
  const isNewer = newestOffset >= end;
  if (firstOffset !== first || (newestOffset !== newest && !isNewer))
    return `item ${id} goes from ${firstOffset} to ${newestOffset}, expected ${first} to ${newest}`;
  return isNewer || itemHash === expected.itemHash
    ? undefined
    : `item ${id} is not what the ledger recorded: its hash is ${itemHash}`;
};
