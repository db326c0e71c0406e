import type { LeafEntry, OutcomeKind } from '../../../schemas/archive/ledger.ts';
import { claimsId } from '../../core/ledger/claims-id.ts';

/** Codes in the file: append only. */
const outcomes: readonly OutcomeKind[] = [
  'archived',
  'conflict',
  'duplicate',
  'refused',
  'quarantined',
  'control',
];

/** Outcome, transform version, which hashes follow the first (1 content, 2 item), event id, item id, reason. */
type Row = readonly [number, number, number, (string | null)?, (string | null | 1)?, string?];

/** How the entries of a range lie in the file: what varies as JSON, hashes as 32 bytes each. */
export interface CompactEntries {
  readonly rows: string;
  readonly hashes: Uint8Array;
}

const hashBytes = 32;
const hasContentHash = 1;
const hasItemHash = 2;
/** Stands for an item id equal to the event id, which most are. */
const sameAsEvent = 1;

export const toCompact = (entries: readonly LeafEntry[]): CompactEntries => {
  const hashes = entries.flatMap(hashesOf);
  return { rows: JSON.stringify(entries.map(toRow)), hashes: Buffer.from(hashes.join(''), 'hex') };
};

/** The entries of one range, each decoded when asked for. */
export interface DecodedEntries {
  entryAt(index: number): LeafEntry;
  /** The event id that the entry makes known, if any. */
  claimAt(index: number): string | undefined;
}

export const fromCompact = (compact: CompactEntries, from: number): DecodedEntries => {
  const rows = JSON.parse(compact.rows) as readonly Row[];
  const { buffer, byteOffset, byteLength } = compact.hashes;
  const hashes = Buffer.from(buffer, byteOffset, byteLength);
  const starts = new Uint32Array(rows.length + 1);
  for (const [index, row] of rows.entries()) starts[index + 1] = starts[index]! + countHashes(row);
  return {
    entryAt: (index) => {
      const start = starts[index]! * hashBytes;
      return toEntry(rows[index]!, from + index, (n) =>
        hashes.toString('hex', start + n * hashBytes, start + (n + 1) * hashBytes),
      );
    },
    claimAt: (index) => claimOf(rows[index]!),
  };
};

const claimOf = ([outcome, , mask, eventId]: Row): string | undefined => {
  const parts = {
    outcome: outcomes[outcome]!,
    eventId: eventId ?? undefined,
    contentHash: mask & hasContentHash ? 'present' : undefined,
  };
  return claimsId(parts) ? parts.eventId : undefined;
};

const toRow = (entry: LeafEntry): Row => {
  const { outcome, transformVersion, eventId, itemId, reason } = entry;
  const mask =
    (entry.contentHash === undefined ? 0 : hasContentHash) | (entry.itemHash === undefined ? 0 : hasItemHash);
  const row = [outcomes.indexOf(outcome), transformVersion, mask] as const;
  if (reason === undefined && itemId === undefined) return eventId === undefined ? row : [...row, eventId];
  const item = itemId === undefined ? null : sameOr(itemId, eventId);
  return reason === undefined ? [...row, eventId ?? null, item] : [...row, eventId ?? null, item, reason];
};

const sameOr = (itemId: string, eventId: string | undefined): string | 1 =>
  itemId === eventId ? sameAsEvent : itemId;

const toEntry = (row: Row, offset: number, hash: (n: number) => string): LeafEntry => {
  const [outcome, transformVersion, mask, eventId, item, reason] = row;
  const itemId = item === sameAsEvent ? eventId : item;
  return {
    offset,
    outcome: outcomes[outcome]!,
    ...(eventId != null && { eventId }),
    ...(itemId != null && { itemId }),
    ...(reason !== undefined && { reason }),
    valueHash: hash(0),
    ...(mask & hasContentHash && { contentHash: hash(1) }),
    ...(mask & hasItemHash && { itemHash: hash(mask & hasContentHash ? 2 : 1) }),
    transformVersion,
  } as LeafEntry;
};

const hashesOf = ({ valueHash, contentHash, itemHash }: LeafEntry): string[] =>
  [valueHash, contentHash, itemHash].filter((hash) => hash !== undefined);

const countHashes = ([, , mask]: Row): number =>
  1 + (mask & hasContentHash ? 1 : 0) + (mask & hasItemHash ? 1 : 0);
