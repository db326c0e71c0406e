import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAll, readSome, record, start, textOf } from '../support/records.ts';
import type { LogFixture, OpenEmptyLog } from './empty-log.ts';

export const describeRead = (openEmpty: OpenEmptyLog): void => {
  const openFilled = async (count: number): Promise<LogFixture> => {
    const fixture = await openEmpty();
    await fixture.log.append(
      'governance',
      Array.from({ length: count }, (_, n) => record('k', `${n}`.padStart(100, '.'))),
    );
    return fixture;
  };

  test('reading resumes from any position, and the same records come again', async () => {
    await using fixture = await openFilled(250);
    for (const offset of [0, 1, 100, 249]) {
      const read = await readAll(fixture.log, { ...start(), offset }, { maxRecords: 60 });
      assert.deepEqual(
        read.map(({ position }) => position.offset),
        Array.from({ length: 250 - offset }, (_, n) => offset + n),
      );
    }
    assert.deepEqual(await readAll(fixture.log, start()), await readAll(fixture.log, start()));
  });

  test('reading at or beyond the end gives nothing', async () => {
    await using fixture = await openFilled(3);
    assert.deepEqual(await readAll(fixture.log, { ...start(), offset: 3 }), []);
    assert.deepEqual(await readAll(fixture.log, { ...start(), offset: 1000 }), []);
    assert.equal(await fixture.log.end('governance', 0), 3);
  });

  test('batches keep to the records and about the bytes asked for', async () => {
    await using fixture = await openFilled(250);
    const byCount = await Array.fromAsync(fixture.log.read(start(), { maxRecords: 100 }));
    assert.deepEqual(
      byCount.map(({ length }) => length),
      [100, 100, 50],
    );
    const byBytes = await Array.fromAsync(fixture.log.read(start(), { maxBytes: 10_000 }));
    assert.deepEqual(
      byBytes.map(({ length }) => length),
      [100, 100, 50],
    );
    const tiny = await Array.fromAsync(fixture.log.read(start(), { maxBytes: 1 }));
    assert.equal(tiny.length, 250);
  });

  test('records are got in the order asked, and what was never logged is undefined', async () => {
    await using fixture = await openFilled(10);
    const got = await fixture.log.get([7, 2, 99, 7].map((offset) => ({ ...start(), offset })));
    assert.deepEqual(
      got.map((logged) => logged?.position.offset),
      [7, 2, undefined, 7],
    );
  });
};

export const describeFollow = (openEmpty: OpenEmptyLog): void => {
  test('a follower gets what is appended later, each record once and in order', async () => {
    await using fixture = await openEmpty();
    const followers = [0, 1, 2].map(() => readSome(fixture.log, start(), 100));
    for (let n = 0; n < 100; n++) await fixture.log.append('governance', [record('k', `${n}`)]);
    for (const read of await Promise.all(followers)) {
      assert.deepEqual(
        read.map(textOf),
        Array.from({ length: 100 }, (_, n) => `${n}`),
      );
    }
  });

  test('a follower ends with the reason of its signal, also while it waits', async () => {
    await using fixture = await openEmpty();
    await fixture.log.append('governance', [record('k', 'first')]);
    const stop = new AbortController();
    const reason = new Error('enough');
    const read = fixture.log.read(start(), { follow: true, signal: stop.signal });
    await assert.rejects(async () => {
      for await (const batch of read) {
        assert.equal(batch.length, 1);
        setImmediate(() => stop.abort(reason));
      }
    }, reason);
  });

  test('closing the log ends followers and refuses later calls', async () => {
    await using fixture = await openEmpty();
    const following = assert.rejects(readSome(fixture.log, start(), 1), { code: 'LogUnavailable' });
    await fixture.log.end('governance', 0);
    await fixture.log[Symbol.asyncDispose]();
    await following;
    await assert.rejects(fixture.log.append('im', [record('k', 'v')]), { code: 'LogUnavailable' });
    await assert.rejects(fixture.log.end('im', 0), { code: 'LogUnavailable' });
    await assert.rejects(readAll(fixture.log, start()), { code: 'LogUnavailable' });
  });
};
