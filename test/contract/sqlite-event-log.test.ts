import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { hostSqliteEventLog, openSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { findBytes } from '../support/find-bytes.ts';
import { readAll, readSome, record, start, textOf } from '../support/records.ts';
import { smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const partitions = { im: 4, governance: 1, audit: 1 };
const clock = new MemoryClock();
const optionsIn = (folder: string) => ({ path: join(folder, 'log.db'), partitions, clock });

const ways = [
  { name: 'in this thread', open: openSqliteEventLog },
  { name: 'in a thread of its own', open: hostSqliteEventLog },
] as const;

for (const { name, open } of ways) {
  test(`SQLite ${name}: a log opened again holds everything, and no offset is used twice`, async () => {
    await using folder = await temporaryFolder();
    const first = await open(optionsIn(folder.path));
    await first.append('governance', [record('k', 'a'), record('k', 'b')]);
    await (await first.erase([{ ...start(), offset: 1 }])).erased;
    await first[Symbol.asyncDispose]();
    await using second = await open(optionsIn(folder.path));
    await second.append('governance', [record('k', 'c')]);
    assert.deepEqual((await readAll(second, start())).map(textOf), ['a', null, 'c']);
  });

  test(`SQLite ${name}: nothing of an erased value is left in any file`, async () => {
    await using folder = await temporaryFolder();
    await using log = await open(optionsIn(folder.path));
    const random = new SeededRandom(name);
    const canaries = Array.from({ length: 120 }, () => Buffer.from(random.bytes(12)).toString('hex'));
    const values = canaries.map((canary, n) => canary.padEnd(20 + 3 ** (n % 11), `${canary}.`));
    const appended = await Promise.all(
      values.map((value, n) =>
        log.append('im', [record(`conversation-${n % 5}`, value), record('other', `${n}`)]),
      ),
    );
    assert.equal((await findBytes(folder.path, canaries)).length, canaries.length);
    const gone = canaries.filter((_, n) => n % 3 !== 0);
    const positions = appended.flatMap(([first], n) => (n % 3 === 0 || !first ? [] : [first.position]));
    await (await log.erase(positions)).erased;
    const found = await findBytes(folder.path, canaries);
    assert.deepEqual(
      found.filter((canary) => gone.includes(canary)),
      [],
    );
    assert.equal(found.length, canaries.length - gone.length);
  });

  test(`SQLite ${name}: an erasure waits for readers of the old pages, and says so when they stay too long`, async () => {
    await using folder = await temporaryFolder();
    const options = { ...optionsIn(folder.path), clock: new MemoryClock() };
    await using log = await open(options);
    await log.append('governance', [record('k', 'canary-one'), record('k', 'canary-two')]);
    using reader = new DatabaseSync(options.path);
    reader.exec('BEGIN; SELECT count(*) FROM records_governance_1_0');
    const first = await log.erase([start()]);
    await until(() => options.clock.sleeping === 1);
    assert.equal(first.deadline.getTime() - options.clock.now().getTime(), 60_000);
    reader.exec('COMMIT');
    options.clock.advance(1000);
    await first.erased;
    assert.deepEqual(await findBytes(folder.path, ['canary-one', 'canary-two']), ['canary-two']);

    reader.exec('BEGIN; SELECT count(*) FROM records_governance_1_0');
    const second = await log.erase([{ ...start(), offset: 1 }]);
    await until(() => options.clock.sleeping === 1);
    options.clock.advance(60_000);
    await assert.rejects(second.erased, { code: 'LogUnavailable' });
    reader.exec('COMMIT');
  });

  test(`SQLite ${name}: a full log refuses, stores nothing of the batch and still reads`, async () => {
    await using folder = await temporaryFolder();
    await using log = await open({ ...optionsIn(folder.path), maxPages: 60 });
    const value = new Uint8Array(50_000);
    await log.append('governance', [{ key: 'k', value }]);
    const batch = Array.from({ length: 8 }, () => ({ key: 'k', value }));
    await assert.rejects(log.append('governance', batch), (error: unknown) => {
      return isHoldfastError(error, 'LogFull') && String(error.details.detail).includes('log.db');
    });
    assert.equal(await log.end('governance', 0), 1);
    assert.equal((await readAll(log, start())).length, 1);
    await log.append('governance', [record('k', 'small')]);
    assert.equal(await log.end('governance', 0), 2);
  });

  test(`SQLite ${name}: a log on a full disk refuses, and takes appends again once there is space`, async (t) => {
    await using disk = asDisposable(await smallDisk(6 * 1024 * 1024));
    if (typeof disk.folder === 'string') return t.skip(disk.folder);
    await using log = await open(optionsIn(disk.folder.path));
    const ballast = join(disk.folder.path, 'ballast');
    writeFileSync(ballast, new Uint8Array(2 * 1024 * 1024));
    let acknowledged = 0;
    await assert.rejects(
      async () => {
        for (;;) {
          await log.append('governance', [
            { key: 'k', value: new Uint8Array(30_000).fill(acknowledged % 251) },
          ]);
          acknowledged += 1;
        }
      },
      { code: 'LogFull' },
    );
    assert.ok(acknowledged > 10);
    assert.equal(await log.end('governance', 0), acknowledged);
    await rm(ballast);
    const [next] = await log.append('governance', [record('k', 'after')]);
    assert.equal(next?.position.offset, acknowledged);
    const read = await readAll(log, start());
    assert.ok(read.slice(0, -1).every(({ value }, n) => value?.length === 30_000 && value[0] === n % 251));
  });

  test(`SQLite ${name}: a file that is no log, or not this log, is named and left alone`, async () => {
    await using folder = await temporaryFolder();
    const options = optionsIn(folder.path);
    await writeFile(options.path, 'this is no database, it only lies where one should be'.repeat(100));
    await assert.rejects(open(options), { code: 'DataFolderInvalid' });
    await rm(options.path);
    await (await open(options))[Symbol.asyncDispose]();
    const wider = { ...options, partitions: { ...partitions, im: 8 } };
    await assert.rejects(open(wider), { code: 'DataFolderInvalid' });
    using newer = new DatabaseSync(options.path);
    newer.exec('PRAGMA user_version = 2');
    await assert.rejects(open(options), { code: 'DataFolderInvalid' });
  });

  test(`SQLite ${name}: a log opened for reading only reads without a lock and refuses to be written`, async () => {
    await using folder = await temporaryFolder();
    const options = optionsIn(folder.path);
    const writer = await open(options);
    await writer.append('governance', [record('k', 'a')]);
    await writer[Symbol.asyncDispose]();
    await using log = await open({ ...options, readOnly: true });
    assert.deepEqual((await readAll(log, start())).map(textOf), ['a']);
    await assert.rejects(log.append('governance', [record('k', 'b')]), { code: 'ReadOnly' });
    await assert.rejects(log.erase([start()]), { code: 'ReadOnly' });
  });
}

test('followers in another thread of the process wake when the hosted log grows', async () => {
  await using folder = await temporaryFolder();
  await using writer: EventLog = await hostSqliteEventLog(optionsIn(folder.path));
  await using reader = await openSqliteEventLog(optionsIn(folder.path));
  const following = readSome(reader, start(), 20);
  for (let n = 0; n < 20; n++) await writer.append('governance', [record('k', `${n}`)]);
  assert.deepEqual(
    (await following).map(textOf),
    Array.from({ length: 20 }, (_, n) => `${n}`),
  );
});

test('two instances on one file share the counter of offsets', async () => {
  await using folder = await temporaryFolder();
  await using hosted = await hostSqliteEventLog(optionsIn(folder.path));
  await using direct = await openSqliteEventLog(optionsIn(folder.path));
  const write = async (log: EventLog) => {
    for (let n = 0; n < 100; n++) await log.append('audit', [record('k', `${n}`)]);
  };
  await Promise.all([write(hosted), write(direct)]);
  const read = await readAll(direct, start('audit'));
  assert.deepEqual(
    read.map(({ position }) => position.offset),
    Array.from({ length: 200 }, (_, n) => n),
  );
});

const asDisposable = (folder: Awaited<ReturnType<typeof smallDisk>>) => ({
  folder,
  [Symbol.asyncDispose]: async () => {
    if (typeof folder !== 'string') await folder[Symbol.asyncDispose]();
  },
});
