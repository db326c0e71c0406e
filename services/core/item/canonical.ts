import { hash } from 'node:crypto';
import type { Item } from '../../../schemas/archive/item.ts';
import type { Sha256 } from '../../../schemas/ids.ts';
import { canonicalJson } from '../canonical-json.ts';

/** The one text an item has: what the index stores and what its hash is taken of. */
export const canonicalItem = (item: Item): string => canonicalJson(item);

/** SHA-256 of a canonical item as the ledger records it. */
export const hashOfCanonical = (canonical: string): Sha256 => hash('sha256', canonical, 'hex') as Sha256;

export const itemHash = (item: Item): Sha256 => hashOfCanonical(canonicalItem(item));
