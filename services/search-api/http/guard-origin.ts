import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { HoldfastError } from '../../core/errors.ts';

/** Names under which only this machine is reached. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));

/** Host name of a `Host` header, without its port; undefined when it is none. */
const hostNameOf = (header: string): string | undefined =>
  /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(header)?.[1]?.toLowerCase();

/**
 * A web page elsewhere may make the browser of somebody on this machine call us. Under a name that was rebound to
 * 127.0.0.1 it has its own name in `Host`; under ours its `Origin`, or at least `Sec-Fetch-Site`, gives it away.
 */
export const guardOrigin = ({ headers, method }: IncomingMessage): void => {
  const host = headers.host ?? '';
  const name = hostNameOf(host);
  if (name === undefined || !isLoopbackHost(name))
    throw new HoldfastError('Forbidden', {
      detail: 'The Host header must name this machine: localhost, 127.0.0.1 or [::1].',
    });
  if (headers.origin !== undefined && headers.origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    throw new HoldfastError('Forbidden', { detail: 'Pages of another origin may not call this server.' });
  const site = headers['sec-fetch-site'];
  const followsLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  if ((site === 'cross-site' || site === 'same-site') && !followsLink)
    throw new HoldfastError('Forbidden', { detail: 'Pages of another site may not call this server.' });
};
