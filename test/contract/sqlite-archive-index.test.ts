import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Item } from '../../schemas/archive/item.ts';
import {
  hostSqliteArchiveIndex,
  openSqliteArchiveIndex,
} from '../../services/adapters/sqlite/open-archive-index.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { found, idsOf, message, putItems, searchIn } from '../support/ask-index.ts';
import { smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const optionsIn = (folder: string) => ({ path: join(folder, 'index.db'), partitions: 3 });

const isUnavailable = (pattern: RegExp) => (error: unknown) => {
  assert.ok(isHoldfastError(error, 'IndexUnavailable'), String(error));
  assert.match(String(error.details.detail), pattern);
  return true;
};

const many = (count: number, from = 0): Item[] =>
  Array.from({ length: count }, (_, n) =>
    message(`i${from + n}`, from + n, { body: `alpha number${from + n} ${'padding '.repeat(20)}` }),
  );

test('an index opened again has what it had', async () => {
  await using folder = await temporaryFolder();
  {
    await using index = await openSqliteArchiveIndex(optionsIn(folder.path));
    await putItems(index, ...many(5));
  }
  await using index = await openSqliteArchiveIndex(optionsIn(folder.path));
  assert.equal(await found(index, 'alpha'), 'i0 i1 i2 i3 i4');
  assert.deepEqual(await putItems(index, ...many(6).slice(4)), ['unchanged', 'stored']);
  assert.deepEqual(await index.checkIntegrity(), []);
});

test('a read-only index refuses every write and says so', async () => {
  await using folder = await temporaryFolder();
  await using writer = await openSqliteArchiveIndex(optionsIn(folder.path));
  await putItems(writer, ...many(2));
  await using reader = await openSqliteArchiveIndex({ ...optionsIn(folder.path), readOnly: true });
  const isRefused = (error: unknown) => isHoldfastError(error, 'ReadOnly');
  await assert.rejects(putItems(reader, ...many(3)), isRefused);
  await assert.rejects(reader.remove([]), isRefused);
  await assert.rejects(reader.correct([]), isRefused);
  await assert.rejects(reader.rebuild(), isRefused);
  assert.equal(await found(reader, 'alpha'), 'i0 i1');
  assert.deepEqual(await reader.checkIntegrity(), []);
});

test('an index nobody has open is read without a lock where the folder cannot be written', async () => {
  await using folder = await temporaryFolder();
  {
    await using writer = await openSqliteArchiveIndex(optionsIn(folder.path));
    await putItems(writer, ...many(3));
  }
  const before = await readdir(folder.path);
  await using reader = await openSqliteArchiveIndex({ ...optionsIn(folder.path), immutable: true });
  assert.equal(await found(reader, 'alpha'), 'i0 i1 i2');
  assert.equal((await reader.scan(0, 0, 10)).length, 3);
  assert.deepEqual(await readdir(folder.path), before);
});

test('a missing, foreign, damaged or older index is refused at opening with the way out', async () => {
  await using folder = await temporaryFolder();
  const options = optionsIn(folder.path);
  const way = /holdfast rebuild-index/;
  await assert.rejects(openSqliteArchiveIndex({ ...options, readOnly: true }), (error: unknown) => {
    assert.ok(isHoldfastError(error, 'IndexUnavailable'));
    assert.match(`${error.details.action}`, way);
    return true;
  });
  await writeFile(options.path, 'this is no database, whatever its name may say');
  await assert.rejects(openSqliteArchiveIndex(options), isUnavailable(way));
  await assert.rejects(hostSqliteArchiveIndex(options), isUnavailable(way));
  await rm(options.path);
  const other = new DatabaseSync(options.path);
  other.exec('CREATE TABLE other (n INTEGER); PRAGMA user_version = 99');
  other.close();
  await assert.rejects(openSqliteArchiveIndex(options), isUnavailable(/version 99.*rebuild-index/));
});

test('a damaged or older index is replaced by an empty one where the caller asks for it, a sound one is kept', async () => {
  await using folder = await temporaryFolder();
  const options = { ...optionsIn(folder.path), ifDamaged: 'replace' } as const;
  await writeFile(options.path, 'this is no database, whatever its name may say');
  {
    await using index = await openSqliteArchiveIndex(options);
    assert.equal((await index.counts()).items, 0);
    await putItems(index, ...many(3));
  }
  {
    await using index = await openSqliteArchiveIndex(options);
    assert.equal((await index.counts()).items, 3);
  }
  const db = new DatabaseSync(options.path);
  db.exec('PRAGMA user_version = 99');
  db.close();
  await using index = await openSqliteArchiveIndex(options);
  assert.equal((await index.counts()).items, 0);
});

test('a full disk refuses the put, keeps what was acknowledged, and goes on when there is room', async (t) => {
  const disk = await smallDisk(3 * 1024 * 1024);
  if (typeof disk === 'string') return t.skip(disk);
  await using _disk = disk;
  const filler = join(disk.path, 'filler');
  await using index = await openSqliteArchiveIndex(optionsIn(disk.path));
  await writeFile(filler, Buffer.alloc(1024 * 1024));
  let stored = 0;
  const fill = async (): Promise<void> => {
    for (;;) {
      await putItems(index, ...many(50, stored));
      stored += 50;
    }
  };
  await assert.rejects(fill(), isUnavailable(/no space left/));
  assert.ok(stored > 0);
  assert.equal((await searchIn(index, 'alpha')).total, stored);
  await rm(filler);
  await putItems(index, ...many(50, stored));
  assert.equal((await searchIn(index, 'alpha')).total, stored + 50);
  assert.deepEqual(await index.checkIntegrity(), []);
});

test('what the file system refuses is said as a fault of the index, at opening and when a rebuild takes its place', async () => {
  await using folder = await temporaryFolder();
  const options = optionsIn(folder.path);
  const inTheWay = `${options.path}-link`;
  await mkdir(join(inTheWay, 'folder'), { recursive: true });
  await assert.rejects(async () => openSqliteArchiveIndex(options), isUnavailable(/index\.db-link/));
  await rm(inTheWay, { recursive: true });
  await using index = await openSqliteArchiveIndex(options);
  await putItems(index, ...many(2));
  const rebuildWith = async (...items: Item[]) => {
    await using rebuild = await index.rebuild();
    await rebuild.put(items.map(toIndexDocument));
    await rebuild.freeze();
    await rebuild.commit([2, 0, 0]);
  };
  await mkdir(join(inTheWay, 'folder'), { recursive: true });
  await assert.rejects(rebuildWith(...many(2)), isUnavailable(/index\.db-link/));
  assert.equal(await found(index, 'alpha'), 'i0 i1');
  await rm(inTheWay, { recursive: true });
  await rebuildWith(...many(1));
  assert.equal(await found(index, 'alpha'), 'i0');
});

test('hits and total are of one state, whatever is written meanwhile', async () => {
  await using folder = await temporaryFolder();
  await using writer = await hostSqliteArchiveIndex(optionsIn(folder.path));
  await using reader = await hostSqliteArchiveIndex({ ...optionsIn(folder.path), readOnly: true });
  const states = new Set<number>();
  let isWriting = true;
  const write = async () => {
    for (let n = 0; n < 40 || states.size < 2; n++) {
      await putItems(writer, ...many(20, n * 20));
      if (n % 5 === 4)
        await writer.correct(many(20, n * 20).map((item) => ({ seen: toIndexDocument(item) })));
    }
    isWriting = false;
  };
  const written = write();
  do {
    const result = await searchIn(reader, 'alpha', { limit: 10_000, facets: ['kind'] });
    assert.equal(result.hits.length, result.total);
    assert.equal(result.facets?.kind?.[0]?.count ?? 0, result.total);
    states.add(result.total);
  } while (isWriting);
  await written;
});

test('searches go on while a rebuild is filled, swapped in and the old file removed', async () => {
  await using folder = await temporaryFolder();
  await using writer = await hostSqliteArchiveIndex(optionsIn(folder.path));
  await using reader = await hostSqliteArchiveIndex({ ...optionsIn(folder.path), readOnly: true });
  await putItems(writer, ...many(50));
  let isRebuilding = true;
  const rebuild = async () => {
    for (let n = 0; n < 4; n++) {
      await using next = await writer.rebuild();
      for (let from = 0; from < 50; from += 10) await next.put(many(10, from).map(toIndexDocument));
      await next.commit([50, 0, 0]);
    }
    isRebuilding = false;
  };
  const rebuilt = rebuild();
  do assert.equal((await searchIn(reader, 'alpha', { limit: 0 })).total, 50);
  while (isRebuilding);
  await rebuilt;
  assert.equal(await readlink(join(folder.path, 'index.db')), 'index-5.db');
  assert.deepEqual(
    (await readdir(folder.path)).filter((name) => name.startsWith('index-') && !name.startsWith('index-5')),
    [],
  );
});

test('what a killed rebuild or a lost link left behind is cleared at the next opening', async () => {
  await using folder = await temporaryFolder();
  const options = optionsIn(folder.path);
  {
    await using index = await openSqliteArchiveIndex(options);
    await putItems(index, ...many(3));
    // Never committed nor disposed: as after a kill.
    const left = await index.rebuild();
    await left.put(many(2, 50).map(toIndexDocument));
    assert.ok(existsSync(join(folder.path, 'index-2.db')));
  }
  await writeFile(`${options.path}-link`, '');
  await writeFile(join(folder.path, 'index-7.db-journal'), '');
  {
    await using index = await openSqliteArchiveIndex(options);
    assert.equal(await found(index, 'alpha'), 'i0 i1 i2');
  }
  assert.deepEqual((await readdir(folder.path)).sort(), ['index-1.db', 'index.db']);
  await rm(options.path);
  await using index = await openSqliteArchiveIndex(options);
  assert.equal((await index.counts()).items, 0);
  assert.ok(!existsSync(join(folder.path, 'index-1.db')));
});

test('a copy of the index whose link became a plain file works and can be rebuilt', async () => {
  await using folder = await temporaryFolder();
  const options = optionsIn(folder.path);
  {
    await using index = await openSqliteArchiveIndex(options);
    await putItems(index, ...many(3));
  }
  await rm(options.path);
  await rename(join(folder.path, 'index-1.db'), options.path);
  {
    await using index = await openSqliteArchiveIndex(options);
    assert.equal(await found(index, 'alpha'), 'i0 i1 i2');
    await using rebuild = await index.rebuild();
    await rebuild.put(many(2).map(toIndexDocument));
    await rebuild.commit([3, 0, 0]);
    assert.equal(idsOf(await searchIn(index, 'alpha', { sort: 'conversation' })), 'i0 i1');
  }
  await using again = await openSqliteArchiveIndex(options);
  assert.equal(await found(again, 'alpha'), 'i0 i1');
});
