import type { Item } from '../../../schemas/archive/item.ts';

/**
 * The item as the facts below an offset of its partition make it; undefined if there were none. A search at an older
 * vector is answered from these, so that it finds the same as it did then.
 */
export const itemAsOf = (item: Item, endOffset: number): Item | undefined => {
  if (item.firstOffset >= endOffset) return undefined;
  if (item.newestOffset < endOffset) return item;
  const { deletion, reactions, receipts, ...rest } = item;
  const isKnown = ({ offset }: { readonly offset: number }): boolean => offset < endOffset;
  const versions = item.versions.filter(isKnown);
  const first = item.versions[0];
  const facts = {
    ...(deletion !== undefined && isKnown(deletion) ? { deletion } : {}),
    ...listIfAny('reactions', reactions?.filter(isKnown)),
    ...listIfAny('receipts', receipts?.filter(isKnown)),
  };
  const newestOffset = Math.max(
    item.firstOffset,
    ...[...versions, ...(facts.reactions ?? []), ...(facts.receipts ?? [])].map(({ offset }) => offset),
    facts.deletion?.offset ?? 0,
  );
  return {
    ...rest,
    versions,
    ...facts,
    newestOffset,
    ...(first !== undefined && !isKnown(first) ? { originalMissing: true } : {}),
  };
};

const listIfAny = <K extends string, T>(name: K, list: readonly T[] | undefined) =>
  (list === undefined || list.length === 0 ? {} : { [name]: list }) as { [P in K]?: T[] };
