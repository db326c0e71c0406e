import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ServerAddress } from '../../../schemas/config/data-folder.ts';
import { startHoldfast } from '../../support/run-holdfast.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface RawRequest {
  readonly bytes: Uint8Array;
  /** False where the head may announce more than follows: the caller hangs up then, and gets no answer perhaps. */
  readonly isWhole: boolean;
}

export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
  readonly tookMs: number;
  /** What the server used of a processor meanwhile. */
  readonly usedMs: number;
}

/** `holdfast serve` in a process of its own, which can be killed where it hangs and says what it holds. */
export interface FuzzedServer extends AsyncDisposable {
  readonly host: string;
  readonly token: string;
  /** Undefined while it lives. */
  death(): string | undefined;
  /** The answer to these bytes; rejects after `limitMs`. */
  exchange(request: RawRequest, limitMs: number): Promise<RawAnswer>;
  /** Bytes all its threads hold after a collection. */
  heldBytes(): Promise<number>;
  residentBytes(): Promise<number>;
  kill(): void;
}

const preload = `--import ${new URL('./announce-heap.ts', import.meta.url).href}`;

export const startFuzzedServer = async (): Promise<FuzzedServer> => {
  const folder = await temporaryFolder();
  const child = startHoldfast(['--data', folder.path, 'serve', '--port', '0'], {
    NODE_OPTIONS: preload,
    HOLDFAST_LOG_LEVEL: 'error',
    HOLDFAST_TIME_ZONE: 'UTC',
  });
  const last: string[] = [];
  const waiting = new Set<(line: string) => void>();
  createInterface(child.stderr).on('line', (line) => {
    last.push(line);
    if (last.length > 10) last.shift();
    for (const take of waiting) take(line);
  });
  let death: string | undefined;
  const exited = once(child, 'exit').then(([code, signal]) => {
    death = `the server ended with ${code ?? signal}: ${last.join(' / ').slice(-2000)}`;
  });
  const lineWith = async (pattern: RegExp): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const take = (line: string): void => {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    };
    waiting.add(take);
    const said = await Promise.race([promise, exited]);
    waiting.delete(take);
    if (said === undefined) throw new Error(death);
    return said;
  };
  await lineWith(/Holdfast serves (http:\S+)/);
  const address = ServerAddress.parse(JSON.parse(await readFile(join(folder.path, 'server.json'), 'utf8')));
  const { hostname, port, host } = new URL(address.url);
  return {
    host,
    token: address.token,
    death: () => death,
    exchange: async (request, limitMs) => {
      const before = usedMs(child.pid);
      const answer = await exchange({ host: hostname, port: Number(port) }, request, limitMs);
      return { ...answer, usedMs: usedMs(child.pid) - before };
    },
    heldBytes: async () => {
      const said = lineWith(/^heap (\d+)$/);
      child.kill('SIGUSR2');
      return Number(await said);
    },
    residentBytes: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    kill: () => child.kill('SIGKILL'),
    [Symbol.asyncDispose]: async () => {
      if (death === undefined) child.kill('SIGTERM');
      await exited;
      await folder[Symbol.asyncDispose]();
    },
  };
};

const msPerTick = 10;

/** Processor time of a process, all its threads together; 0 once it is gone. */
const usedMs = (pid: number | undefined): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  } catch {
    return 0;
  }
};

/** One connection an answer, closed by the server. */
const exchange = (
  address: { readonly host: string; readonly port: number },
  { bytes, isWhole }: RawRequest,
  limitMs: number,
): Promise<Omit<RawAnswer, 'usedMs'>> => {
  const { promise, resolve, reject } = Promise.withResolvers<Omit<RawAnswer, 'usedMs'>>();
  const startedMs = performance.now();
  const chunks: Buffer[] = [];
  const socket = connect({ ...address, allowHalfOpen: true });
  const late = setTimeout(() => {
    reject(new Error(`no end of the answer after ${limitMs} ms`));
    socket.destroy();
  }, limitMs);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearTimeout(late);
    resolve({ ...parse(Buffer.concat(chunks)), tookMs: performance.now() - startedMs });
  });
  socket.on('end', () => socket.end());
  if (isWhole) socket.write(bytes);
  else socket.end(bytes);
  return promise;
};

const parse = (bytes: Buffer): Pick<RawAnswer, 'status' | 'mediaType' | 'body'> => {
  const text = bytes.toString();
  // Before the answer there may be a `100 Continue`.
  const start = text.lastIndexOf('HTTP/1.1 ', text.startsWith('HTTP/1.1 100') ? 40 : 0);
  const [head = '', ...rest] = text.slice(Math.max(start, 0)).split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    mediaType: /^content-type: ([^;\r]*)/im.exec(head)?.[1] ?? '',
    body: /^transfer-encoding: chunked/im.test(head) ? unchunked(body) : body,
  };
};

const unchunked = (body: string): string => {
  const bytes = Buffer.from(body);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, end).toString(), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + size + 4;
  }
  return Buffer.concat(parts).toString();
};
