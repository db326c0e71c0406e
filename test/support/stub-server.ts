import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, request as requestHttp } from 'node:http';
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

/** Between a client and an engine; what a client asks is passed on once `before` has resolved. */
export const startPassThrough = (url: string, before: (line: string) => Promise<void>): Promise<StubServer> =>
  startHttpStub(async (asked, answer) => {
    const { method, headers } = asked;
    await before(`${method} ${asked.url}`);
    const passed = requestHttp(new URL(asked.url!, url), { method: method!, headers }, (answered) => {
      answer.writeHead(answered.statusCode!, answered.headers);
      answered.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
