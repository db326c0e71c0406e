import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HoldfastError } from '../../core/errors.ts';
import type { HttpApp } from './create-app.ts';
import { isLoopbackHost } from './guard-origin.ts';
import { refuseRawRequests } from './refuse-raw.ts';
import { logContained, logListening, logStopped } from './request-log.ts';

export interface ServerOptions {
  /** A loopback address; anything else is refused until sign-in exists. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Binds to every address of a container, whose network is its boundary then. */
  readonly isContained?: boolean;
  /** How long running requests may take to end when the server closes. Default 5 s. */
  readonly drainMs?: number;
  /** How long a request may take to arrive. Default 120 s. */
  readonly requestTimeoutMs?: number;
}

/** Closing stops taking connections, lets running requests end for `drainMs`, then cuts them off. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Throws `InvalidConfig` when the address is not loopback or the port is taken. */
export const startServer = async (app: HttpApp, options: ServerOptions): Promise<RunningServer> => {
  const { host, port, drainMs = 5_000, requestTimeoutMs = 120_000 } = options;
  if (!isLoopbackHost(host) && options.isContained !== true)
    throw new HoldfastError('InvalidConfig', {
      detail: `Expected a loopback host (127.0.0.1, ::1 or localhost), not ${host}: until sign-in exists nobody else may call.`,
    });
  const server = createServer(
    {
      headersTimeout: Math.min(requestTimeoutMs, 20_000),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(requestTimeoutMs, 5_000),
      // Node would refuse it itself, without a problem document; we refuse it like a foreign one.
      requireHostHeader: false,
    },
    app.express,
  );
  // An expectation nobody knows may be ignored.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // A connection kept alive would otherwise hold up closing until its caller lets go of it.
  server.on('request', (_request, response) => {
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
  });
  refuseRawRequests(server, app);
  await listen(server, host.replace(/^\[|\]$/g, ''), port);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const url = `http://${name}:${address.port}`;
  if (options.isContained === true) logContained(app.log, url);
  else logListening(app.log, url);
  return {
    url,
    port: address.port,
    [Symbol.asyncDispose]: () => close(app, server, drainMs),
  };
};

const listen = async (server: Server, host: string, port: number): Promise<void> => {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new HoldfastError(
      'InvalidConfig',
      {
        detail: `Cannot listen on ${host}:${port}; is another server running there? Choose another port: HOLDFAST_PORT, or --port of serve.`,
      },
      { cause },
    );
  }
};

const close = async ({ clock, log, settled }: HttpApp, server: Server, drainMs: number): Promise<void> => {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const drained = new AbortController();
  let cut = false;
  const limit = clock.sleep(drainMs, drained.signal).then(
    () => {
      cut = true;
      server.closeAllConnections();
    },
    () => undefined,
  );
  await closed;
  drained.abort();
  await limit;
  // What a caller cut off has begun must end before the archive beneath it is closed.
  await settled();
  logStopped(log, cut);
};
