import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import type { SignedHead } from '../../../schemas/archive/ledger.ts';

/** Changes with every change of the encoding: an old head is verified years later. */
const encodingTag = 'holdfast-head-1';

export type UnsignedHead = Omit<SignedHead, 'keyId' | 'signature'>;

/** What is signed: a JSON array in UTF-8, everything of the head but the signature, in fixed order. */
export const headBytes = (head: Omit<SignedHead, 'signature'>): Uint8Array =>
  Buffer.from(
    JSON.stringify([
      encodingTag,
      head.installation,
      head.signedAt,
      head.keyId,
      head.heads.map(({ stream, generation, partition, size, root }) => [
        stream,
        generation,
        partition,
        size,
        root,
      ]),
    ]),
  );

/** First 16 hex digits of the SHA-256 of the public key (SubjectPublicKeyInfo, DER). */
export const keyIdOf = (publicKey: KeyObject): string =>
  hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 16);

/** Signs with an Ed25519 private key; the head names its public key. */
export const signHead = (privateKey: KeyObject, head: UnsignedHead): SignedHead => {
  const named = { ...head, keyId: keyIdOf(createPublicKey(privateKey)) };
  return { ...named, signature: sign(null, headBytes(named), privateKey).toString('base64') };
};

/** Whether this key signed this head, exactly as it is. */
export const verifyHead = (publicKey: KeyObject, head: SignedHead): boolean => {
  const signature = Buffer.from(head.signature, 'base64');
  return (
    head.keyId === keyIdOf(publicKey) &&
    publicKey.asymmetricKeyType === 'ed25519' &&
    // Base64 leaves bits unused at the end; a head with those changed is not the head that was signed.
    signature.toString('base64') === head.signature &&
    verify(null, headBytes(head), publicKey, signature)
  );
};
