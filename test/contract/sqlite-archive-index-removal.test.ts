import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Item } from '../../schemas/archive/item.ts';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { found, message, putItems, searchIn } from '../support/ask-index.ts';
import { findBytes } from '../support/find-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const optionsIn = (folder: string) => ({ path: join(folder, 'index.db'), partitions: 3 });

/** A word that stands in one item only. */
const secret = (run: number, item: number, n: number): string =>
  `q${hash('sha256', `${run} ${item} ${n}`).slice(0, 4 + ((item + n) % 9))}z${run}x${item}x${n}`;

const secretsOf = (run: number, item: number): string[] => [0, 1, 2, 3].map((n) => secret(run, item, n));

const secretItem = (run: number, n: number, facts: number): Item => {
  const [one, two, three, four] = secretsOf(run, n);
  return message(`${four}`, n * 5, {
    body: `alpha common${n % 7} ${one} ${'pad '.repeat((n * 37) % 120)}`,
    from: `${three}@contoso.com`,
    edits: facts > 1 ? [{ body: `beta ${two} ${'more '.repeat((n * 53) % 200)}` }] : [],
  });
};

/** Puts, edits and removes as a live archive does: rows grow, move between pages and leave them. */
const live = async (index: ArchiveIndex, run: number): Promise<number[]> => {
  for (let n = 0; n < 400; n += 20) {
    await putItems(index, ...Array.from({ length: 20 }, (_, k) => secretItem(run, n + k, 1)));
    const changed = Array.from({ length: 10 }, (_, k) => (n * 7 + k * 11) % (n + 20));
    await putItems(index, ...new Set(changed).values().map((k) => secretItem(run, k, 2)));
  }
  return Array.from({ length: 60 }, (_, k) => (k * 13 + run) % 400);
};

test('of what was removed no byte is left in any file: words, ids, senders, edits', async () => {
  for (let run = 0; run < 4; run++) {
    await using folder = await temporaryFolder();
    await using index = await openSqliteArchiveIndex(optionsIn(folder.path));
    await using reader = await openSqliteArchiveIndex({ ...optionsIn(folder.path), readOnly: true });
    const gone = [...new Set(await live(index, run))];
    const secrets = gone.flatMap((n) => secretsOf(run, n));
    assert.ok((await findBytes(folder.path, secrets)).length >= gone.length * 3);
    assert.equal((await searchIn(reader, 'alpha')).total, 400);
    await index.remove(gone.map((n) => secretItem(run, n, 1).id));
    assert.deepEqual(await findBytes(folder.path, secrets), []);
    assert.equal((await searchIn(reader, 'alpha OR beta')).total, 400 - gone.length);
    assert.deepEqual(await index.checkIntegrity(), []);
    await putItems(index, secretItem(run, gone[0]!, 1));
    assert.equal(await found(index, secret(run, gone[0]!, 0)), secret(run, gone[0]!, 3));
  }
});

test('a removal repeated finds nothing and changes nothing', async () => {
  await using folder = await temporaryFolder();
  await using index = await openSqliteArchiveIndex(optionsIn(folder.path));
  const items = [0, 1, 2].map((n) => secretItem(9, n, 2));
  await putItems(index, ...items);
  await index.remove([items[1]!.id]);
  await index.remove([items[1]!.id]);
  assert.deepEqual(await index.counts(), { items: 2, perPartition: [2, 0, 0] });
});
