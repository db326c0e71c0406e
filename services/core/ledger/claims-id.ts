import type { LeafEntry } from '../../../schemas/archive/ledger.ts';
import type { EventId } from '../../../schemas/ids.ts';

export type ClaimingEntry = LeafEntry & { readonly eventId: EventId; readonly contentHash: string };

/**
 * Whether an entry makes its event id known, so that the same id and content later is a duplicate. Also what was
 * refused or quarantined does; what has no content hash does not, so that it may be sent again.
 */
export const claimsId = (entry: LeafEntry): entry is ClaimingEntry =>
  entry.eventId !== undefined &&
  entry.contentHash !== undefined &&
  entry.outcome !== 'duplicate' &&
  entry.outcome !== 'control';
