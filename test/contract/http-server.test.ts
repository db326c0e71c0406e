import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import type { Progress, VerifyReport } from '../../schemas/api/archive-operations.ts';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { HoldfastError, isHoldfastError } from '../../services/core/errors.ts';
import type { Position } from '../../services/ports/event-log.ts';
import type { Archive, Caller, Steps } from '../../services/search-api/archive.ts';
import { connectArchive } from '../../services/search-api/http/connect-archive.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { serveArchive, testToken } from '../support/serve-archive.ts';
import { until } from '../support/until.ts';

const caller: Caller = { actor: { id: 'local-operator' }, purpose: '' };

/** Searches, verifications and waits that end when the test says so. */
class GatedArchive extends MemoryArchive {
  readonly gate = Promise.withResolvers<void>();
  searching = 0;
  verifying = 0;
  aborted = 0;

  override async search(...call: Parameters<Archive['search']>): Promise<SearchAnswer> {
    this.searching += 1;
    await this.gate.promise;
    return super.search(...call);
  }

  override async *verify(_caller: Caller, signal?: AbortSignal): Steps<VerifyReport> {
    const progress: Progress = { kind: 'progress', done: 0, total: 1, what: 'events' };
    signal?.addEventListener('abort', () => {
      this.aborted += 1;
    });
    this.verifying += 1;
    while (signal?.aborted !== true) {
      yield progress;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.verifying -= 1;
  }

  override async outcomes(positions: readonly Position[]): ReturnType<MemoryArchive['outcomes']> {
    await this.gate.promise;
    return positions.map(() => ({ outcome: 'archived' }));
  }
}

const post = (url: string, path: string, body?: object, signal?: AbortSignal) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  });

describe('HTTP server', () => {
  test('an address that others can reach is refused', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.org', ''])
      await assert.rejects(serveArchive(new MemoryArchive(systemClock), { host }), (error) =>
        isHoldfastError(error, 'InvalidConfig'),
      );
  });

  test('it says that it listens on loopback only, and a taken port is named', async () => {
    await using served = await serveArchive(new MemoryArchive(systemClock), { host: '127.0.0.1' });
    assert.ok(served.logged.some((line) => line.includes(served.url) && line.includes('loopback only')));
    await assert.rejects(
      serveArchive(new MemoryArchive(systemClock), { port: served.port }),
      (error) => isHoldfastError(error, 'InvalidConfig') && error.message.includes(String(served.port)),
    );
  });

  test('closing lets a running request end and refuses new ones', async () => {
    const archive = new GatedArchive(systemClock);
    const served = await serveArchive(archive, { clock: new MemoryClock() });
    const running = post(served.url, '/api/v1/search', { query: 'noon' });
    await until(() => archive.searching === 1);
    const closing = served[Symbol.asyncDispose]();
    await assert.rejects(fetch(`${served.url}/healthz`));
    archive.gate.resolve();
    assert.equal((await running).status, 200);
    await closing;
    assert.ok(served.logged.some((line) => line.includes('every request was answered')));
  });

  test('closing cuts off what takes too long, and waits until it has stopped', async () => {
    const archive = new GatedArchive(systemClock);
    const clock = new MemoryClock();
    const served = await serveArchive(archive, { clock, drainMs: 1_000 });
    const response = await post(served.url, '/api/v1/verify');
    const read = assert.rejects(response.text());
    await until(() => archive.verifying === 1);
    const closing = served[Symbol.asyncDispose]();
    await until(() => clock.sleeping > 0);
    clock.advance(1_000);
    await closing;
    assert.equal(archive.verifying, 0);
    await read;
    assert.ok(served.logged.some((line) => line.includes('cut off')));
  });

  test('a caller who hangs up stops what was done for it', async () => {
    const archive = new GatedArchive(systemClock);
    await using served = await serveArchive(archive);
    const hangUp = new AbortController();
    const response = await post(served.url, '/api/v1/verify', undefined, hangUp.signal);
    assert.equal(response.status, 200);
    await until(() => archive.verifying === 1);
    hangUp.abort();
    await until(() => archive.verifying === 0);
    assert.equal(archive.aborted, 1);
  });

  test('a request that is cut off while it is sent leaves the server well', async () => {
    await using served = await serveArchive(new MemoryArchive(systemClock));
    const socket = connect(served.port, '127.0.0.1');
    socket.write(
      'POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/jsonl\r\nContent-Length: 1000\r\n\r\n{"a":1}\n',
    );
    await once(socket, 'connect');
    await until(async () => (await fetch(`${served.url}/healthz`)).status === 200);
    socket.destroy();
    await until(() => served.logged.some((line) => line.includes('hung up')));
    assert.equal((await fetch(`${served.url}/healthz`)).status, 200);
  });

  test('a request that arrives too slowly is answered with a problem', async () => {
    await using served = await serveArchive(new MemoryArchive(systemClock), { requestTimeoutMs: 100 });
    const socket = connect(served.port, '127.0.0.1').setEncoding('utf8');
    socket.write(
      'POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    const answer = (await socket.toArray()).join('');
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.match(answer, /"code":"RequestTimeout"/);
  });

  test('what is no HTTP, names no Host or expects what nobody knows is answered with a problem', async () => {
    await using served = await serveArchive(new MemoryArchive(systemClock));
    for (const [text, code] of [
      ['nonsense\r\n\r\n', 'BadRequest'],
      ['GET /healthz HTTP/1.0\r\n\r\n', 'Forbidden'],
      ['GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 'Forbidden'],
      [
        'GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: everything\r\n\r\n',
        'NotFound',
      ],
    ] as const) {
      const socket = connect(served.port, '127.0.0.1').setEncoding('utf8');
      socket.end(text);
      assert.match((await socket.toArray()).join(''), new RegExp(`"code":"${code}"`));
    }
  });

  test('a wait for outcomes is answered with "not yet" after 20 s, and the client asks again', async () => {
    const archive = new GatedArchive(systemClock);
    const clock = new MemoryClock();
    await using served = await serveArchive(archive, { clock });
    const position = { stream: 'im', generation: 1, partition: 0, offset: 0 } as const;
    const asked = post(served.url, '/api/v1/outcomes', { positions: [position] });
    await until(() => clock.sleeping > 0);
    clock.advance(20_000);
    assert.equal((await asked).status, 202);
    const remote = connectArchive({ url: served.url }).outcomes([position]);
    await until(() => clock.sleeping > 0);
    clock.advance(20_000);
    await until(() => clock.sleeping > 0);
    archive.gate.resolve();
    assert.deepEqual(await remote, [{ outcome: 'archived' }]);
  });

  test('what fails half way through a stream is its last line, and the error of the client', async () => {
    class Failing extends MemoryArchive {
      override async *verify(): Steps<VerifyReport> {
        yield { kind: 'progress', done: 1, total: 2, what: 'events' };
        throw new HoldfastError('LedgerUnavailable', { detail: 'secret path' });
      }
      override async *rebuildIndex(): Steps<never> {
        yield* await Promise.reject<never[]>(
          new HoldfastError('ReadOnly', { detail: 'Nothing can be written.' }),
        );
      }
    }
    await using served = await serveArchive(new Failing(systemClock));
    const text = await (await post(served.url, '/api/v1/verify')).text();
    assert.match(text, /"kind":"problem".*"code":"LedgerUnavailable"/);
    assert.doesNotMatch(text, /secret/);
    const remote = connectArchive({ url: served.url, token: testToken });
    const drain = async (steps: AsyncIterable<unknown>) => {
      for await (const _step of steps);
    };
    await assert.rejects(drain(remote.verify(caller)), (error) =>
      isHoldfastError(error, 'LedgerUnavailable'),
    );
    await assert.rejects(drain(remote.rebuildIndex(caller)), (error) => isHoldfastError(error, 'ReadOnly'));
  });

  test('a server that is not ready says why with 503', async () => {
    class Stopped extends MemoryArchive {
      override async readiness() {
        return { ready: false, reason: 'the archiver does not run' };
      }
    }
    await using served = await serveArchive(new Stopped(systemClock));
    assert.equal((await fetch(`${served.url}/readyz`)).status, 503);
    assert.deepEqual(await connectArchive({ url: served.url }).readiness(), {
      ready: false,
      reason: 'the archiver does not run',
    });
  });

  test('a server whose ledger fails is not ready and says why, without secrets', async () => {
    const faults = [
      { fault: new HoldfastError('LedgerUnavailable', { detail: 'No broker.' }), says: /No broker/ },
      { fault: new Error('/home/secret'), says: /^Something unexpected failed\.$/ },
    ];
    for (const { fault, says } of faults) {
      class Unwell extends MemoryArchive {
        override async readiness(): Promise<never> {
          throw fault;
        }
      }
      await using served = await serveArchive(new Unwell(systemClock));
      assert.equal((await fetch(`${served.url}/readyz`)).status, 503);
      const { ready, reason } = await connectArchive({ url: served.url }).readiness();
      assert.equal(ready, false);
      assert.match(reason ?? '', says);
    }
  });

  test('a server whose ledger does not answer says so soon', async () => {
    class Waiting extends MemoryArchive {
      override readiness(): Promise<never> {
        return Promise.withResolvers<never>().promise;
      }
    }
    const clock = new MemoryClock();
    await using served = await serveArchive(new Waiting(clock), { clock });
    const asked = fetch(`${served.url}/readyz`);
    await until(() => clock.sleeping > 0);
    clock.advance(3000);
    const answer = await asked;
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /did not answer in 3 s/);
  });

  test('an unexpected failure tells the caller nothing but the request id', async () => {
    class Broken extends MemoryArchive {
      override async coverage(): Promise<never> {
        throw new Error('/home/secret/log.db is broken');
      }
    }
    await using served = await serveArchive(new Broken(systemClock));
    const response = await fetch(`${served.url}/api/v1/coverage`);
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.doesNotMatch(text, /secret/);
    const { instance } = JSON.parse(text) as { instance: string };
    assert.equal(response.headers.get('holdfast-request-id'), instance);
    assert.ok(served.logged.some((line) => line.includes(instance) && line.includes('/home/secret/log.db')));
  });
});

describe('HTTP client without its server', () => {
  test('nobody there is said so, with the address', async () => {
    const served = await serveArchive(new MemoryArchive(systemClock));
    await served[Symbol.asyncDispose]();
    await assert.rejects(
      connectArchive({ url: served.url }).coverage(caller),
      (error) => isHoldfastError(error, 'ServerUnreachable') && error.message.includes(served.url),
    );
    await assert.rejects(connectArchive({ url: 'not a url' }).coverage(caller), (error) =>
      isHoldfastError(error, 'InvalidConfig'),
    );
  });

  test('something else at that address is said so', async () => {
    for (const [status, type, body] of [
      [200, 'text/html', '<html>'],
      [200, 'application/json', '{"hits": []}'],
      [404, 'text/plain', 'nothing'],
      [500, 'application/problem+json', '{"title": "other"}'],
    ] as const) {
      const other = createServer((_request, response) => {
        response.writeHead(status, { 'content-type': type }).end(body);
      }).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      await assert.rejects(connectArchive({ url }).coverage(caller), (error) =>
        isHoldfastError(error, 'ServerUnreachable'),
      );
      other.closeAllConnections();
      other.close();
      await once(other, 'close');
    }
  });
});
