import type { SignedHead } from '../../schemas/archive/ledger.ts';

/**
 * Keeps the newest signed head beside the key, where who can only write to log, ledger and index cannot reach: what does
 * not go on from it shows, also when every head was taken away.
 *
 * Promises: `keep` is durable when it resolves, and rejects with `LedgerUnavailable` where it cannot be. It never puts a
 * head in the place of one that covers more of any partition: another signer may have kept that in between.
 */
export interface HeadKeeper {
  newest(): Promise<SignedHead | undefined>;
  keep(head: SignedHead): Promise<void>;
}
