import assert from 'node:assert/strict';
import test from 'node:test';
import { hostInThread } from '../../../services/adapters/threads/host-in-thread.ts';
import type { Shape } from '../../../services/adapters/threads/shape.ts';
import { withTransfer } from '../../../services/adapters/threads/transfers.ts';
import { HoldfastError } from '../../../services/core/errors.ts';
import type { Specimen } from '../../support/thread-specimen.ts';

const shape: Shape<Specimen> = {
  greeting: 'constant',
  add: 'call',
  sizeOf: 'call',
  typeOf: 'call',
  count: 'stream',
  counted: 'call',
  fail: 'call',
  crash: 'call',
  never: 'call',
  account: { object: { owner: 'constant', deposit: 'call' } },
};

const host = (greeting = 'hello') =>
  hostInThread<Specimen, { greeting: string }>({
    module: new URL('../../support/thread-specimen.ts', import.meta.url),
    open: 'openSpecimen',
    argument: { greeting },
    shape,
    name: 'specimen',
    fault: 'LogUnavailable',
  });

test('calls, constants and concurrent calls are answered across the thread border', async () => {
  await using specimen = await host();
  assert.equal(specimen.greeting, 'hello');
  const sums = await Promise.all(Array.from({ length: 100 }, (_, n) => specimen.add(n, n)));
  assert.deepEqual(
    sums,
    Array.from({ length: 100 }, (_, n) => 2 * n),
  );
});

test('a buffer handed over is moved, not copied', async () => {
  await using specimen = await host();
  const bytes = new Uint8Array(1000);
  assert.equal(await specimen.sizeOf(withTransfer(bytes, [bytes.buffer])), 1000);
  assert.equal(bytes.byteLength, 0);
});

test('a stream is pulled value by value and ended in the thread when the reader leaves', async () => {
  await using specimen = await host();
  const seen: number[] = [];
  for await (const n of specimen.count(100)) {
    seen.push(n);
    if (n === 4) break;
  }
  assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  assert.equal(await specimen.counted(), 1005);
});

test('a stream ends, and fails with the error of the thread', async () => {
  await using specimen = await host();
  assert.deepEqual(await Array.fromAsync(specimen.count(3)), [0, 1, 2]);
  await assert.rejects(
    Array.fromAsync(specimen.count(13)),
    (error: unknown) => error instanceof HoldfastError && error.code === 'BadRequest',
  );
});

test('errors keep class, code, details, cause and the stack of the thread', async () => {
  await using specimen = await host();
  await assert.rejects(specimen.fail('holdfast'), (error: unknown) => {
    assert.ok(error instanceof HoldfastError);
    assert.equal(error.code, 'TooLarge');
    assert.deepEqual(error.details, { detail: 'At most 3.', maxBytes: 3 });
    assert.equal((error.cause as Error).message, 'inner');
    assert.match(error.stack ?? '', /thread-specimen/);
    return true;
  });
  await assert.rejects(specimen.fail('plain'), { name: 'RangeError', message: 'out of range' });
});

test('an object made in the thread is spoken to from here until it is disposed', async () => {
  await using specimen = await host();
  const account = await specimen.account('Ann');
  assert.equal(account.owner, 'Ann');
  await account.deposit(3);
  assert.equal(await account.deposit(4), 7);
  await account[Symbol.asyncDispose]();
  await assert.rejects(account.deposit(1), /disposed/);
});

test('a crash of the thread rejects everything that waits and everything that comes later', async () => {
  await using specimen = await host();
  const waiting = specimen.never();
  const unavailable = (error: unknown) =>
    error instanceof HoldfastError &&
    error.code === 'LogUnavailable' &&
    (error.cause as Error).message === 'the thread is lost';
  await Promise.all([assert.rejects(waiting, unavailable), assert.rejects(specimen.crash(), unavailable)]);
  await assert.rejects(specimen.add(1, 1), unavailable);
});

test('an opening that fails rejects with its own error and leaves no thread behind', async () => {
  await assert.rejects(
    host(''),
    (error: unknown) => error instanceof HoldfastError && error.code === 'InvalidConfig',
  );
});

test('disposing twice is harmless, and calls after it are refused', async () => {
  const specimen = await host();
  const waiting = assert.rejects(specimen.never(), { code: 'LogUnavailable' });
  await specimen[Symbol.asyncDispose]();
  await specimen[Symbol.asyncDispose]();
  await waiting;
  await assert.rejects(specimen.add(1, 1), { code: 'LogUnavailable' });
});

test('an argument that cannot be cloned rejects that call alone', async () => {
  await using specimen = await host();
  await assert.rejects(
    specimen.typeOf(() => undefined),
    { name: 'DataCloneError' },
  );
  assert.equal(await specimen.add(1, 1), 2);
});
