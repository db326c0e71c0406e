import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

export interface StubServer extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
}

const started = async (server: Server): Promise<StubServer> => {
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Takes connections and never says a word. */
export const startSilentServer = (): Promise<StubServer> => started(createServer(() => undefined));

/** In the place of an engine that no longer exists. */
export const startHttpStub = (answer: RequestListener): Promise<StubServer> =>
  started(createHttpServer(answer));
