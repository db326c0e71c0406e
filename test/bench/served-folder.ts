import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readServerFile } from '../../services/adapters/files/server-file.ts';

const main = join(import.meta.dirname, '../../services/cli/main.ts');
const startLimitMs = 30_000;

export interface ServedFolder extends AsyncDisposable {
  readonly pid: number;
  /** One search over a connection that is kept; resolves with the text of the answer. */
  search(body: string): Promise<string>;
}

/** The server as people start it, in a process of its own, over a data folder. */
export const serveFolder = async (data: string, signal: AbortSignal): Promise<ServedFolder> => {
  const words = ['--max-semi-space-size=4', main, '--data', data, 'serve', '--port', '0'];
  const child = spawn(process.execPath, words, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const stop = async () => {
    agent.destroy();
    child.kill('SIGTERM');
    await ended;
  };
  try {
    const url = await Promise.race([
      announced(data, signal),
      ended.then(([code]) => Promise.reject(new Error(`The server ended with code ${code}.`))),
    ]);
    return {
      pid: child.pid ?? 0,
      search: (body) => post(`${url}/api/v1/search`, { agent, body }),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const announced = async (data: string, signal: AbortSignal): Promise<string> => {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(startLimitMs)]);
  for (;;) {
    const server = await readServerFile(data);
    if (server !== undefined) return server.url;
    await sleep(20, undefined, { signal: limit });
  }
};

/** Resolves with the text of the answer; anything but 200 is an error. */
export const post = (url: string, { agent, body }: { agent: Agent; body: string }): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const asked = request(url, { method: 'POST', agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      if (response.statusCode === 200) resolve(text);
      else reject(new Error(`${response.statusCode}: ${text}`));
    });
    response.on('error', reject);
  });
  asked.on('error', reject);
  asked.end(body);
  return promise;
};
