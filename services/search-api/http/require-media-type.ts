import type { IncomingHttpHeaders } from 'node:http';
import { HoldfastError } from '../../core/errors.ts';

/** The media type of the body without parameters. Throws `UnsupportedMedia` unless it is one of `allowed`, in UTF-8. */
export const requireMediaType = (headers: IncomingHttpHeaders, allowed: readonly string[]): string => {
  const [mediaType = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!allowed.includes(mediaType))
    throw new HoldfastError('UnsupportedMedia', {
      detail: `Expected the header "Content-Type: ${allowed.join('" or "')}".`,
    });
  if (parameters.some((part) => part.startsWith('charset=') && !/^charset="?utf-?8"?$/.test(part)))
    throw new HoldfastError('UnsupportedMedia', { detail: 'Expected text in UTF-8.' });
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new HoldfastError('UnsupportedMedia', { detail: 'Expected a body that is not compressed.' });
  return mediaType;
};
