import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Undefined where somebody else listens there. */
const listen = async (port: number): Promise<Server | undefined> => {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server.unref();
  } catch {
    return undefined;
  }
};

const [lowest, portsInAll] = [20_000, 6000];

/**
 * An engine listens seconds after its port was chosen, and not while it is down. Meanwhile the process that chose it
 * listens on another port, for as long as it lives, that says so to everybody else who chooses.
 */
const claim = async (port: number): Promise<boolean> => {
  const sign = await listen(port + portsInAll);
  if (sign === undefined) return false;
  const found = await listen(port);
  found?.close();
  if (found === undefined) sign.close();
  return found !== undefined;
};

/**
 * The port wanted, if nobody listens on it or was given it; else one below those that the system gives to outgoing
 * connections: a client that tries a dead engine's port again and again could else be given that very port and keep
 * the engine from coming back. Nobody else is given it while this process lives.
 */
export const freePort = async (wanted?: number): Promise<number> => {
  if (wanted !== undefined && (await claim(wanted))) return wanted;
  for (;;) {
    const port = lowest + randomInt(portsInAll);
    if (await claim(port)) return port;
  }
};
