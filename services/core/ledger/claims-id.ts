import type { OutcomeKind } from '../../../schemas/archive/ledger.ts';

/** What of an entry decides; `contentHash` need only be there or not. */
export interface ClaimParts {
  readonly outcome: OutcomeKind;
  readonly eventId?: string | undefined;
  readonly contentHash?: string | undefined;
}

/**
 * Whether an entry makes its event id known, so that the same id and content later is a duplicate. Also what was
 * refused or quarantined does; what has no content hash does not, so that it may be sent again.
 */
export const claimsId = <E extends ClaimParts>(
  entry: E,
): entry is E & { readonly eventId: string; readonly contentHash: string } =>
  entry.eventId !== undefined &&
  entry.contentHash !== undefined &&
  entry.outcome !== 'duplicate' &&
  entry.outcome !== 'control';
