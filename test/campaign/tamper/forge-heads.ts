import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SignedHead } from '../../../schemas/archive/ledger.ts';
import { signHead } from '../../../services/core/ledger/head.ts';
import type { Dice } from '../../support/dice.ts';

/** The key of somebody who cannot get at the installation's own. */
const strangersKey: KeyObject = generateKeyPairSync('ed25519').privateKey;

export const signedByAnother = ({ installation, signedAt, heads }: SignedHead): SignedHead =>
  signHead(strangersKey, { installation, signedAt, heads });

/** The key id of the installation, but no signature of its key. */
export const underOurName = (head: SignedHead): SignedHead => ({
  ...signedByAnother(head),
  keyId: head.keyId,
});

/** The signed words changed, the signature left. */
export const withOtherWords = (head: SignedHead, chance: Dice): SignedHead => {
  const at = chance.below(head.heads.length);
  const heads = head.heads.map((one, index) => (index === at ? { ...one, root: chance.hex(32) } : one));
  return chance.pick<SignedHead>([
    { ...head, heads },
    { ...head, signedAt: '2020-01-01T00:00:00.000Z' },
    { ...head, installation: chance.hex(16) },
    { ...head, heads: head.heads.toSpliced(at, 1) },
    { ...head, heads: head.heads.map((one) => ({ ...one, size: one.size + 1 })) },
  ]);
};
