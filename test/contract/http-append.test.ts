import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppendAnswer, maxEventBytes } from '../../schemas/api/archive-operations.ts';
import { maxAppendBytes, maxAppendLines } from '../../schemas/api/http-bodies.ts';
import { Problem } from '../../schemas/api/problem.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import { linesOf, messageSent } from '../support/im-events.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { type ServedArchive, serveArchive } from '../support/serve-archive.ts';

/** Takes anything and keeps nothing: what is measured is the server alone. */
class Sink extends MemoryArchive {
  lines = 0;
  failsAfter = Number.POSITIVE_INFINITY;

  override async append(lines: readonly Uint8Array[]): Promise<AppendAnswer> {
    if (this.lines >= this.failsAfter) throw new HoldfastError('LogFull');
    const results = lines.map((_, at) => ({
      line: at + 1,
      status: 'accepted' as const,
      position: { stream: 'im' as const, generation: 1, partition: 0, offset: this.lines + at },
    }));
    this.lines += lines.length;
    return { accepted: lines.length, quarantined: 0, refused: 0, results };
  }
}

describe('POST /api/v1/events', () => {
  let sink: Sink;
  let served: ServedArchive;
  let memory: ServedArchive;
  before(async () => {
    sink = new Sink(systemClock);
    served = await serveArchive(sink);
    memory = await serveArchive(new MemoryArchive(systemClock));
  });
  after(async () => {
    await served[Symbol.asyncDispose]();
    await memory[Symbol.asyncDispose]();
  });

  const append = (
    server: ServedArchive,
    body: NonNullable<RequestInit['body']>,
    type = 'application/jsonl',
  ) =>
    fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
    });
  const answerOf = async (response: Response) => AppendAnswer.parse(await response.json());

  test('all accepted is 200, whatever the media type of the lines', async () => {
    for (const type of ['application/jsonl', 'application/x-ndjson', 'text/plain; charset=utf-8']) {
      const response = await append(memory, linesOf([messageSent({ id: type, body: 'hello' })]), type);
      assert.equal(response.status, 200);
      assert.equal((await answerOf(response)).accepted, 1);
    }
  });

  test('one event as application/json may span lines', async () => {
    const event = JSON.stringify(messageSent({ id: 'pretty', body: 'hello' }), null, 2);
    assert.equal((await answerOf(await append(memory, event, 'application/json'))).accepted, 1);
    assert.equal((await append(memory, 'x'.repeat(maxEventBytes + 1), 'application/json')).status, 413);
  });

  test('lines are numbered as they stand: blank ones count, CRLF and a missing last line end do not matter', async () => {
    const [one = '', two = ''] = ['l1', 'l2'].map((id) => JSON.stringify(messageSent({ id, body: 'hello' })));
    const { results } = await answerOf(await append(memory, `\r\n${one}\r\n \n\n${two}`));
    assert.deepEqual(
      results.map(({ line, status }) => [line, status]),
      [
        [2, 'accepted'],
        [5, 'accepted'],
      ],
    );
  });

  test('a line over 1 MiB is refused alone, one of exactly 1 MiB is taken', async () => {
    const exact = 'a'.repeat(maxEventBytes);
    const response = await append(served, `${exact}\n${exact}b\nlast\n`);
    assert.equal(response.status, 207);
    assert.deepEqual(
      (await answerOf(response)).results.map(({ status }) => status),
      ['accepted', 'refused', 'accepted'],
    );
  });

  test('invalid UTF-8, NUL, prototype names, lone surrogates and deep JSON are quarantined one by one', async () => {
    const good = JSON.stringify(messageSent({ id: 'good', body: 'hello' }));
    const lines = [
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      Buffer.from('\0'),
      Buffer.from(good.replace('"data"', '"__proto__":{"a":1},"data"')),
      Buffer.from(good.replace('hello', '\\ud800')),
      Buffer.from(`${'['.repeat(10_000)}${']'.repeat(10_000)}`),
      Buffer.from(good),
    ];
    const body = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
    const answer = await answerOf(await append(memory, body));
    assert.deepEqual(
      answer.results.map(({ status }) => status),
      [...Array(5).fill('quarantined'), 'accepted'],
    );
  });

  test('an empty body is refused', async () => {
    for (const body of ['', '\n\n \r\n']) assert.equal((await append(served, body)).status, 400);
  });

  test('more than 64 MiB is refused before anything is appended when announced', async () => {
    const before = sink.lines;
    const response = await append(served, new Uint8Array(maxAppendBytes + 1));
    assert.equal(Problem.parse(await response.json()).code, 'TooLarge');
    assert.equal(sink.lines, before);
  });

  test('more than 64 MiB or 100,000 lines unannounced is refused with the line up to which it was taken', async () => {
    const line = Buffer.from(`${'x'.repeat(64 * 1024 - 1)}\n`);
    const endless = (chunk: Uint8Array) =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(chunk)), type: 'bytes' });
    for (const chunk of [line, Buffer.from('x\n'.repeat(10_000))]) {
      const limited = endless(chunk);
      const total = chunk === line ? maxAppendBytes / line.length + 3 : maxAppendLines / 10_000 + 1;
      const response = await append(served, take(limited, total));
      assert.equal(response.status, 413);
      assert.match(Problem.parse(await response.json()).detail ?? '', /up to line \d+ were appended/);
    }
  });

  test('a log that cannot be written is a retryable problem without details', async () => {
    sink.failsAfter = sink.lines;
    const response = await append(served, 'one\n');
    sink.failsAfter = Number.POSITIVE_INFINITY;
    const problem = Problem.parse(await response.json());
    assert.deepEqual([problem.code, problem.status, problem.retryable], ['LogFull', 503, true]);
    assert.equal(problem.detail, undefined);
    assert.ok(served.logged.some((line) => line.includes(problem.instance) && line.includes('LogFull')));
  });

  test('a big request gives way to others', async () => {
    const body = linesOf(
      Array.from({ length: 100 }, (_, at) => messageSent({ id: `b${at}`, body: 'x'.repeat(40) })),
    );
    const requestBody = new Blob(Array(400).fill(body));
    let isAppending = true;
    const appending = append(served, requestBody.stream()).then(async (response) => {
      await response.arrayBuffer();
      isAppending = false;
      return response.status;
    });
    let answered = 0;
    while (isAppending) {
      const response = await fetch(`${served.url}/healthz`);
      await response.arrayBuffer();
      if (isAppending) answered += 1;
    }
    assert.equal(await appending, 200);
    assert.ok(answered >= 5, `only ${answered} other requests were answered meanwhile`);
  });
});

/** The first `count` chunks of a stream. */
const take = (stream: ReadableStream<Uint8Array>, count: number): ReadableStream<Uint8Array> => {
  const reader = stream.getReader();
  let taken = 0;
  return new ReadableStream({
    async pull(controller) {
      const { value } = await reader.read();
      if (value !== undefined) controller.enqueue(value);
      taken += 1;
      if (taken >= count) controller.close();
    },
  });
};
