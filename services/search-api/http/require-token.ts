import { createHash, timingSafeEqual } from 'node:crypto';
import { HoldfastError } from '../../core/errors.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Throws `Unauthorized` unless the header carries the token. Digests are compared, so lengths do not leak. */
export const requireToken = (authorization: string | undefined, token: string): void => {
  const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined || !timingSafeEqual(digest(given), digest(token)))
    throw new HoldfastError('Unauthorized', {
      detail: 'Expected the header "Authorization: Bearer <token>".',
    });
};
