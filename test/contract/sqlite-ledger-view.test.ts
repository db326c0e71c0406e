import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openSqliteLedgerView } from '../../services/adapters/sqlite/open-ledger-view.ts';
import type { HoldfastError } from '../../services/core/errors.ts';
import type { LedgerView } from '../../services/ports/ledger-view.ts';
import { imPartition, leaf, proposalOf, sha256 } from '../support/range-proposals.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const grow = async (view: LedgerView, count: number): Promise<void> => {
  const frontier = await view.frontier(imPartition());
  const entries = Array.from({ length: count }, (_, n) => leaf(frontier.size + n));
  assert.ok((await view.propose(proposalOf(imPartition(), frontier, entries))).won);
};

const mark = (next: number) => ({ next, lastHash: sha256(`${next}`) });

test('a view keeps bookmarks stream by stream, the newest of each, over a restart', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'view.db');
  {
    await using view = await openSqliteLedgerView({ path });
    assert.equal(await view.bookmark('im/1/0'), undefined);
    await view.setBookmark('im/1/0', mark(3));
    await view.setBookmark('im/1/1', mark(9));
    await view.setBookmark('im/1/0', mark(4));
    await grow(view, 5);
  }
  await using again = await openSqliteLedgerView({ path });
  assert.deepEqual(await again.bookmark('im/1/0'), mark(4));
  assert.deepEqual(await again.bookmark('im/1/1'), mark(9));
  assert.equal(await again.bookmark('im/1/10'), undefined);
  assert.equal((await again.frontier(imPartition())).size, 5);
});

test('what was applied after the newest bookmark is there when it is proposed again, and changes nothing', async () => {
  await using folder = await temporaryFolder();
  await using view = await openSqliteLedgerView({ path: join(folder.path, 'view.db') });
  const empty = await view.frontier(imPartition());
  const proposal = proposalOf(imPartition(), empty, [leaf(0), leaf(1, 'quarantined')]);
  assert.ok((await view.propose(proposal)).won);
  const before = [await view.frontier(imPartition()), await view.counts(imPartition())];
  assert.equal((await view.propose(proposal)).won, false);
  assert.deepEqual([await view.frontier(imPartition()), await view.counts(imPartition())], before);
  assert.equal((await view.quarantined(imPartition(), 0, 10)).length, 1);
});

test('a cleared view knows nothing, ranges and ids and bookmarks alike, and can be filled again', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'view.db');
  await using view = await openSqliteLedgerView({ path });
  await grow(view, 300);
  await view.setBookmark('im/1/0', mark(1));
  await view.clear();
  assert.equal(await view.bookmark('im/1/0'), undefined);
  assert.equal((await view.frontier(imPartition())).size, 0);
  assert.equal((await view.find(['event-1'])).size, 0);
  assert.equal((await view.counts(imPartition())).archived, 0);
  assert.deepEqual(await Array.fromAsync(view.ranges(imPartition(), 0)), []);
  await grow(view, 7);
  await view.setBookmark('im/1/0', mark(2));
  assert.equal((await view.find(['event-6'])).size, 1);
});

const unreadable: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['no database', (path) => writeFile(path, 'this is a letter, not a ledger'.repeat(1000))],
  ['cut off in its first page', async (path) => writeFile(path, (await readFile(path)).subarray(0, 2000))],
  ['overwritten at its head', (path) => overwrite(path, 0, 100)],
  ['of another version', async (path) => execute(path, 'PRAGMA user_version = 999')],
];

const overwrite = async (path: string, from: number, length: number): Promise<void> => {
  await using file = await open(path, 'r+');
  await file.write(Buffer.alloc(length, 0x5a), 0, length, from);
};

const execute = (path: string, sql: string): void => {
  using db = new DatabaseSync(path);
  db.exec(sql);
};

for (const [what, spoil] of unreadable)
  test(`a file that is ${what} is replaced by an empty view`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'view.db');
    {
      await using view = await openSqliteLedgerView({ path });
      await grow(view, 50);
    }
    await spoil(path);
    await using again = await openSqliteLedgerView({ path });
    assert.equal((await again.frontier(imPartition())).size, 0);
    await grow(again, 50);
  });

test('a file damaged where opening does not look says so, and is replaced at the next opening', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'view.db');
  {
    await using view = await openSqliteLedgerView({ path });
    for (let n = 0; n < 8; n++) await grow(view, 500);
    await view.setBookmark('im/1/0', mark(8));
  }
  const { size } = await stat(path);
  // All but the pages of the schema and of the bookmarks.
  await overwrite(path, 4096 * 14, size - 4096 * 14);
  {
    await using view = await openSqliteLedgerView({ path });
    const readAll = async () => {
      await Array.fromAsync(view.ranges(imPartition(), 0));
      await view.find(['event-1', 'event-2000']);
    };
    await assert.rejects(readAll(), (error: HoldfastError) => {
      assert.equal(error.code, 'DataFolderInvalid');
      assert.match(error.message, /a copy, made anew when this process is started again/);
      return true;
    });
  }
  await using again = await openSqliteLedgerView({ path });
  assert.equal((await again.frontier(imPartition())).size, 0);
  assert.equal(await again.bookmark('im/1/0'), undefined);
  assert.equal(existsSync(`${path}-damaged`), false);
});
