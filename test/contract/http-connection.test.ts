import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { Archive } from '../../services/search-api/archive.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { serveArchive } from '../support/serve-archive.ts';
import { until } from '../support/until.ts';

const bodyBytes = 8 * 1024 * 1024;
const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const connectTo = ({ port }: { readonly port: number }): Socket =>
  connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8');
/** What came until the server closed; rejects where it cut the connection off. */
const restOf = async (socket: Socket): Promise<string> => (await socket.toArray()).join('');
const codesIn = (text: string): string[] =>
  [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => String(code));

class GatedArchive extends MemoryArchive {
  readonly gate = Promise.withResolvers<void>();
  searching = 0;

  override async search(...call: Parameters<Archive['search']>): Promise<SearchAnswer> {
    this.searching += 1;
    await this.gate.promise;
    return super.search(...call);
  }
}

describe('a connection to the HTTP server', () => {
  test('a refusal reaches a caller who is still sending, and who is not cut off then', async () => {
    await using served = await serveArchive(new MemoryArchive(systemClock));
    const announced = ['Host: localhost', 'Connection: close', `Content-Length: ${bodyBytes}`];
    for (const [first, code] of [
      [head('POST /none HTTP/1.1', ...announced), 'NotFound'],
      [head('POST /none HTTP/1.0', ...announced), 'NotFound'],
      [head('POST /api/v1/known?a=1 HTTP/1.1', ...announced), 'BadRequest'],
      [head('POST /api/v1/known HTTP/1.1', 'no colon here', ...announced), 'BadRequest'],
      [head('POST /api/v1/known HTTP/1.1', `X-Long: ${'x'.repeat(20_000)}`, ...announced), 'TooLarge'],
    ] as const) {
      const socket = connectTo(served);
      socket.write(first);
      const [answer] = (await once(socket, 'data')) as [string];
      const half = Buffer.alloc(bodyBytes / 2, 'x');
      socket.write(half);
      await once(socket, 'drain');
      socket.end(half);
      assert.deepEqual(codesIn(answer + (await restOf(socket))), [code], first.slice(0, 60));
    }
  });

  test('what stands behind a request makes no second answer to it', async () => {
    const archive = new GatedArchive(systemClock);
    await using served = await serveArchive(archive);
    const refused = connectTo(served);
    refused.end(`${head('GET /none HTTP/1.0', 'Host: localhost')}: nonsense\r\n\r\n`);
    assert.deepEqual(codesIn(await restOf(refused)), ['NotFound']);

    const query = JSON.stringify({ query: 'noon' });
    const searched = connectTo(served);
    const json = ['Host: localhost', 'Content-Type: application/json', `Content-Length: ${query.length}`];
    searched.end(`${head('POST /api/v1/search HTTP/1.1', ...json)}${query}: nonsense\r\n\r\n`);
    await until(() => archive.searching === 1);
    archive.gate.resolve();
    const answer = await restOf(searched);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.deepEqual(codesIn(answer), []);
  });

  test('a request that is refused behind another is answered after it', async () => {
    const archive = new GatedArchive(systemClock);
    await using served = await serveArchive(archive);
    const query = JSON.stringify({ query: 'noon' });
    const json = ['Host: localhost', 'Content-Type: application/json'];
    const first = head('POST /api/v1/search HTTP/1.1', ...json, `Content-Length: ${query.length}`);
    const second = head('POST /api/v1/search HTTP/1.1', ...json, 'Transfer-Encoding: chunked');
    const socket = connectTo(served);
    socket.end(`${first}${query}${second}no size\r\n`);
    await until(() => archive.searching === 1);
    archive.gate.resolve();
    const answer = await restOf(socket);
    assert.deepEqual(
      [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
      ['200', '400'],
    );
    assert.deepEqual(codesIn(answer), ['BadRequest']);
  });

  test('a refused request that never comes to its end is answered once, and let go of', async () => {
    await using served = await serveArchive(new MemoryArchive(systemClock), { requestTimeoutMs: 2_000 });
    const socket = connectTo(served);
    socket.write(`${head('POST /none HTTP/1.1', 'Host: localhost', 'Content-Length: 100')}x`);
    assert.deepEqual(codesIn(await restOf(socket)), ['NotFound']);
    socket.destroy();
  });

  test('a caller who holds on to a refused connection is cut off', async () => {
    const clock = new MemoryClock();
    await using served = await serveArchive(new MemoryArchive(clock), { clock });
    const socket = connectTo(served);
    socket.write(head('nonsense'));
    const [answer] = (await once(socket, 'data')) as [string];
    assert.deepEqual(codesIn(answer), ['BadRequest']);
    await until(() => clock.sleeping > 0);
    clock.advance(10_000);
    socket.on('error', () => undefined);
    await until(() => {
      if (!socket.destroyed) socket.write('x');
      return socket.closed;
    });
  });
});
