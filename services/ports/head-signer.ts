import type { SignedHead } from '../../schemas/archive/ledger.ts';
import type { UnsignedHead } from '../core/ledger/head.ts';

/** Holds the installation's Ed25519 key. Archivers hold none: only the one signer signs what it has read. */
export interface HeadSigner {
  sign(head: UnsignedHead): SignedHead;
}
