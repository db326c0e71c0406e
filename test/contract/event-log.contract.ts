import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '../../services/core/conversation/partition.ts';
import { maxKeyLength, maxRecordBytes } from '../../services/core/conversation/record-limits.ts';
import { readAll, record, start, textOf } from '../support/records.ts';
import { emptyLogs, type LogFixture, type OpenEmptyLog, type OpenEventLog } from './empty-log.ts';
import { describeFollow, describeRead } from './event-log-read.contract.ts';

export interface EventLogTraits {
  /** Whose clock gives log times: the one the log was opened with, or the engine's own. */
  readonly clock?: 'setup' | 'engine';
  /** Why the engine is not there, or false. */
  readonly skip?: string | false;
}

/** What every event log promises. The log opened has 4 `im` partitions and one of each other stream. */
export const describeEventLog = (name: string, open: OpenEventLog, traits: EventLogTraits = {}): void => {
  const openEmpty = emptyLogs(open);
  describe(`event log: ${name}`, { skip: traits.skip ?? false }, () => {
    describeAppend(openEmpty);
    describeTimes(openEmpty);
    if (traits.clock !== 'engine') describeClock(openEmpty);
    describeRead(openEmpty);
    describeFollow(openEmpty);
    describeErase(openEmpty);
    describeRefusals(openEmpty);
  });
};

const describeAppend = (openEmpty: OpenEmptyLog): void => {
  test('a batch is appended in the order given, to the partitions of its keys', async () => {
    await using fixture = await openEmpty();
    const keys = Array.from({ length: 40 }, (_, n) => `conversation-${n % 10}`);
    const appended = await fixture.log.append(
      'im',
      keys.map((key, n) => record(key, `${n}`)),
    );
    assert.equal(appended.length, 40);
    const next = [0, 0, 0, 0];
    for (const [n, { position }] of appended.entries()) {
      const partition = partitionOf(keys[n]!, 4);
      assert.deepEqual(position, { stream: 'im', generation: 1, partition, offset: next[partition]!++ });
    }
    const read = await Promise.all(
      [0, 1, 2, 3].map((partition) => readAll(fixture.log, start('im', partition))),
    );
    assert.deepEqual(read.flat().map(textOf).sort(), keys.map((_, n) => `${n}`).sort());
  });

  test('many concurrent writers get dense offsets and each keeps its own order', async () => {
    await using fixture = await openEmpty();
    const write = async (writer: number) => {
      const offsets: number[] = [];
      for (let n = 0; n < 50; n++) {
        const [appended] = await fixture.log.append('governance', [record(`w${writer}`, `${writer}:${n}`)]);
        offsets.push(appended!.position.offset);
      }
      return offsets;
    };
    const offsets = await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
    for (const own of offsets)
      assert.deepEqual(
        own,
        [...own].sort((a, b) => a - b),
      );
    assert.deepEqual(
      offsets.flat().sort((a, b) => a - b),
      Array.from({ length: 800 }, (_, n) => n),
    );
    const read = await readAll(fixture.log, start());
    for (const [writer, own] of offsets.entries()) {
      assert.deepEqual(
        own.map((offset) => textOf(read[offset])),
        own.map((_, n) => `${writer}:${n}`),
      );
    }
  });

  test('appends made without waiting are stored in the order made', async () => {
    await using fixture = await openEmpty();
    const appends = Array.from({ length: 200 }, (_, n) =>
      fixture.log.append('audit', [record('a', `${n}.0`), record('b', `${n}.1`)]),
    );
    await Promise.all(appends);
    assert.deepEqual(
      (await readAll(fixture.log, start('audit'))).map(textOf),
      Array.from({ length: 400 }, (_, n) => `${Math.floor(n / 2)}.${n % 2}`),
    );
  });

  test('an empty batch is nothing', async () => {
    await using fixture = await openEmpty();
    assert.deepEqual(await fixture.log.append('im', []), []);
    assert.equal(await fixture.log.end('im', 0), 0);
  });

  test('keys and values come back byte by byte', async () => {
    await using fixture = await openEmpty();
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => !text.includes('\0'));
    const batch = fc.array(
      fc.record({ key, value: fc.uint8Array({ maxLength: 300 }) }, { noNullPrototype: true }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(batch, async (records) => {
        const appended = await fixture.log.append('im', records);
        const read = await fixture.log.get(appended.map(({ position }) => position));
        assert.deepEqual(
          read.map((logged) => logged && { key: logged.key, value: Uint8Array.from(logged.value ?? []) }),
          records,
        );
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  test('what the caller does to its buffer afterwards does not change the log', async () => {
    await using fixture = await openEmpty();
    const value = Buffer.from('before');
    await fixture.log.append('governance', [{ key: 'k', value }]);
    value.fill('x');
    assert.deepEqual((await readAll(fixture.log, start())).map(textOf), ['before']);
  });
};

const describeTimes = (openEmpty: OpenEmptyLog): void => {
  test('log time never goes back in a partition, and reading says what append said', async () => {
    await using fixture = await openEmpty();
    const appended = [];
    for (let n = 0; n < 20; n++)
      appended.push(...(await fixture.log.append('governance', [record('k', `${n}`)])));
    const times = appended.map(({ loggedAt }) => loggedAt.getTime());
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    const read = await readAll(fixture.log, start());
    assert.deepEqual(
      read.map(({ position, loggedAt }) => ({ position, loggedAt })),
      appended,
    );
  });
};

const describeClock = (openEmpty: OpenEmptyLog): void => {
  test('log time never goes back in a partition when the clock does', async () => {
    await using fixture = await openEmpty();
    const times: number[] = [];
    for (const minute of [10, 20, 5, 19, 21, 0]) {
      fixture.clock.set(new Date(Date.UTC(2026, 0, 1, 0, minute)));
      const [appended] = await fixture.log.append('governance', [record('k', `${minute}`)]);
      times.push(appended!.loggedAt.getUTCMinutes());
    }
    assert.deepEqual(times, [10, 20, 20, 20, 21, 21]);
    const read = await readAll(fixture.log, start());
    assert.deepEqual(
      read.map(({ loggedAt }) => loggedAt.getUTCMinutes()),
      times,
    );
  });
};

/** Logs may write marks of an erasure of their own, at offsets after what was erased; nothing else changes. */
const describeErase = (openEmpty: OpenEmptyLog): void => {
  const partition = partitionOf('k', 4);
  const place = start('im', partition);

  const assertDense = async ({ log }: LogFixture, records: readonly (string | null)[]): Promise<number> => {
    const read = await readAll(log, place);
    assert.deepEqual(
      read.map(({ position }) => position.offset),
      read.map((_, offset) => offset),
    );
    assert.deepEqual(read.slice(0, records.length).map(textOf), records);
    for (const mark of read.slice(records.length)) assert.equal(mark.value, null);
    assert.equal(read.length, await log.end('im', partition));
    return read.length;
  };

  test('an erased record keeps its place and loses its value', async () => {
    await using fixture = await openEmpty();
    await fixture.log.append('im', [record('k', 'a'), record('k', 'b'), record('k', 'c')]);
    const { deadline, erased } = await fixture.log.erase([
      { ...place, offset: 1 },
      { ...place, offset: 2 },
    ]);
    await erased;
    assert.ok(deadline >= fixture.clock.now());
    const end = await assertDense(fixture, ['a', null, null]);
    const got = await fixture.log.get([0, 1, 2, end].map((offset) => ({ ...place, offset })));
    assert.deepEqual(
      got.map((logged) => (logged ? textOf(logged) : undefined)),
      ['a', null, null, undefined],
    );
    const marks = (await readAll(fixture.log, { ...place, offset: 3 })).map(({ control }) => control);
    assert.deepEqual(marks, new Array(end - 3).fill(true));
    const [next] = await fixture.log.append('im', [record('k', 'd')]);
    assert.equal(next?.position.offset, end);
  });

  test('reading and getting agree on every offset, erased or not', async () => {
    await using fixture = await openEmpty();
    await fixture.log.append(
      'im',
      Array.from({ length: 40 }, (_, n) => record('k', `${n}`)),
    );
    const erased = [0, 1, 2, 17, 30, 38, 39];
    const receipt = await fixture.log.erase(erased.map((offset) => ({ ...place, offset })));
    await receipt.erased;
    const end = await assertDense(
      fixture,
      Array.from({ length: 40 }, (_, n) => (erased.includes(n) ? null : `${n}`)),
    );
    const read = await readAll(fixture.log, place);
    assert.deepEqual(await fixture.log.get(read.map(({ position }) => position)), read);
    for (const offset of [1, 16, 18, end - 1]) {
      assert.deepEqual(await readAll(fixture.log, { ...place, offset }), read.slice(offset));
    }
  });

  test('erasing again, or what was never logged, is harmless', async () => {
    await using fixture = await openEmpty();
    await fixture.log.append('im', [record('k', 'a')]);
    await (await fixture.log.erase([{ ...place, offset: 0 }])).erased;
    const end = await assertDense(fixture, [null]);
    for (const offset of [0, end, end + 5]) {
      await (await fixture.log.erase([{ ...place, offset }])).erased;
    }
    assert.equal(await assertDense(fixture, [null]), end);
    const [next] = await fixture.log.append('im', [record('k', 'b')]);
    assert.equal(next?.position.offset, end);
  });
};

const describeRefusals = (openEmpty: OpenEmptyLog): void => {
  test('a value over the limit is refused whole with its batch; one at the limit is stored', async () => {
    await using fixture = await openEmpty();
    const large = { key: 'k', value: new Uint8Array(maxRecordBytes + 1) };
    await assert.rejects(fixture.log.append('governance', [record('k', 'small'), large]), {
      code: 'TooLarge',
    });
    assert.equal(await fixture.log.end('governance', 0), 0);
    await fixture.log.append('governance', [{ key: 'k', value: large.value.subarray(1) }]);
    assert.equal((await readAll(fixture.log, start()))[0]?.value?.byteLength, maxRecordBytes);
  });

  test('keys that would not read back as written are refused', async () => {
    await using fixture = await openEmpty();
    for (const key of ['', '\ud800', 'a\0b', 'x'.repeat(maxKeyLength + 1)]) {
      await assert.rejects(fixture.log.append('im', [record(key, 'v')]), { code: 'BadRequest' });
    }
  });

  test('partitions and generations the log does not have are refused', async () => {
    await using fixture = await openEmpty();
    await assert.rejects(fixture.log.end('im', 4), { code: 'NotFound' });
    await assert.rejects(readAll(fixture.log, { ...start(), generation: 2 }), { code: 'NotFound' });
    await assert.rejects(fixture.log.get([{ ...start(), partition: 1 }]), { code: 'NotFound' });
  });

  test('what is queued beyond the memory bound is refused, and all that was taken is stored', async () => {
    await using fixture = await openEmpty(8 * 1024 * 1024);
    const value = new Uint8Array(256 * 1024);
    const appends = Array.from({ length: 200 }, () =>
      fixture.log.append('governance', [{ key: 'k', value }]),
    );
    const settled = await Promise.allSettled(appends);
    const refused = settled.filter((result) => result.status === 'rejected');
    const stored = settled.length - refused.length;
    assert.ok(stored >= 24 && stored <= 32, `${stored} stored`);
    for (const { reason } of refused) assert.equal(reason.code, 'Overloaded');
    assert.equal(await fixture.log.end('governance', 0), stored);
    await fixture.log.append('governance', [{ key: 'k', value }]);
  });

  test('an append that alone is over the memory bound is too large, whatever is queued', async () => {
    await using fixture = await openEmpty(1024 * 1024);
    const value = new Uint8Array(600_000);
    const both = [
      { key: 'k', value },
      { key: 'k', value },
    ];
    await assert.rejects(fixture.log.append('governance', both), { code: 'TooLarge' });
    assert.equal(await fixture.log.end('governance', 0), 0);
  });
};
