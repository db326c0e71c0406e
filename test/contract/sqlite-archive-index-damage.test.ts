import assert from 'node:assert/strict';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Item } from '../../schemas/archive/item.ts';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { message, putItems, searchIn } from '../support/ask-index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const optionsIn = (folder: string) => ({ path: join(folder, 'index.db'), partitions: 2 });

const items: readonly Item[] = Array.from({ length: 40 }, (_, n) =>
  message(`item${n}`, n * 5, {
    body: `alpha common${n % 5} ${String.fromCharCode(97 + (n % 26))}${n}qj${'x'.repeat(n % 9)} tail`,
    conversation: { id: `c${n % 3}` },
    edits: n % 8 === 0 ? [{ body: `beta ${n}later` }] : [],
    files: n % 11 === 0 ? ['final plan.doc'] : [],
    partition: n % 2,
  }),
);
const documents = new Map(items.map((item) => [item.id as string, toIndexDocument(item)]));

const closedIndex = async (folder: string): Promise<string> => {
  await using index = await openSqliteArchiveIndex(optionsIn(folder));
  for (let from = 0; from < items.length; from += 5) await putItems(index, ...items.slice(from, from + 5));
  return join(folder, await readlink(join(folder, 'index.db')));
};

/** Items that a verification finds otherwise than they should be, or that an error names; undefined for no finding. */
const findingsOf = async (folder: string): Promise<ReadonlySet<string> | undefined> => {
  const named = new Set<string>();
  let isFound = false;
  const attempt = async (check: () => Promise<readonly (string | undefined)[]>): Promise<void> => {
    try {
      for (const id of await check()) {
        isFound = true;
        if (id !== undefined) named.add(id);
      }
    } catch (error) {
      assert.ok(isHoldfastError(error, 'IndexUnavailable'), String(error));
      isFound = true;
      if (typeof error.details.itemId === 'string') named.add(error.details.itemId);
    }
  };
  await attempt(async () => {
    await using index = await openSqliteArchiveIndex({ ...optionsIn(folder), readOnly: true });
    for (const partition of [0, 1]) await attempt(() => differing(index, partition));
    await attempt(async () => (await index.checkIntegrity()).map(({ itemId }) => itemId));
    return [];
  });
  return isFound ? named : undefined;
};

const differing = async (index: ArchiveIndex, partition: number): Promise<readonly string[]> => {
  const scanned = await index.scan(partition, 0, 1000);
  const stored = new Map(scanned.map(({ document }) => [document.id as string, document]));
  const mine = [...documents.values()].filter((document) => document.partition === partition);
  const ids = new Set([...stored.keys(), ...mine.map(({ id }) => id as string)]);
  return [...ids].filter((id) => {
    const document = stored.get(id);
    return (
      document === undefined ||
      JSON.stringify(document) !== JSON.stringify(sameOrder(document, documents.get(id)))
    );
  });
};

/** The expected document with its fields in the order of the stored one. */
const sameOrder = (stored: object, expected: object | undefined): object =>
  Object.fromEntries(
    Object.keys({ ...stored, ...expected }).flatMap((key) => {
      const value = (expected as Record<string, unknown> | undefined)?.[key];
      if (value === undefined) return [];
      const own = (stored as Record<string, unknown>)[key];
      const both = Array.isArray(value) && Array.isArray(own);
      return [[key, both ? value.map((one, at) => orderedLike(own[at], one)) : value]];
    }),
  );

const orderedLike = (stored: unknown, expected: unknown): unknown =>
  typeof stored === 'object' && stored !== null && typeof expected === 'object' && expected !== null
    ? sameOrder(stored, expected)
    : expected;

const flip = async (file: string, bytes: Buffer, at: number, bits: number): Promise<void> => {
  const changed = Buffer.from(bytes);
  changed[at]! ^= bits;
  await writeFile(file, changed);
};

test('a sound index has no findings', async () => {
  await using folder = await temporaryFolder();
  await closedIndex(folder.path);
  assert.equal(await findingsOf(folder.path), undefined);
});

test('one changed byte of an item is found and the item named: in its JSON, its stored words and its indexed words', async () => {
  await using folder = await temporaryFolder();
  const file = await closedIndex(folder.path);
  const bytes = await readFile(file);
  for (const word of ['k10qjx', 'd29qjxx', 'z25qjxxxxxxx']) {
    const id = `item${word.slice(1, 3)}`;
    const places: number[] = [];
    for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1)) places.push(at);
    assert.ok(places.length >= 3, `${word} stands in the item, its words and their index`);
    for (const at of places) {
      await flip(file, bytes, at + 3, 1);
      const named = await findingsOf(folder.path);
      assert.ok(
        named?.has(id),
        `${word} changed at ${at}: ${named ? [...named].join(' ') : 'nothing'} found`,
      );
    }
  }
});

test('an item, a version, words or a count that is gone or stands for another is found', async () => {
  const changes: readonly (readonly [sql: string, itemId?: string])[] = [
    ["DELETE FROM item WHERE id = 'item7'", 'item7'],
    ["UPDATE item SET id = 'other' WHERE id = 'item7'", 'item7'],
    ["UPDATE item SET session = 99 WHERE id = 'item7'", 'item7'],
    ["UPDATE item SET versions = 2, more = '[5]' WHERE id = 'item7'", 'item7'],
    ["UPDATE item SET newest = newest + 1 WHERE id = 'item7'", 'item7'],
    ["DELETE FROM version WHERE n = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["UPDATE version SET first_sent = 1 WHERE n = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["UPDATE version SET place = 1 WHERE n = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["UPDATE version SET many = 1 WHERE n = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["UPDATE version SET sender = 99 WHERE n = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["UPDATE version SET conversation = 3 WHERE n = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["DELETE FROM words WHERE rowid = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["UPDATE words SET marks = 'all many' WHERE rowid = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ["UPDATE words_content SET c1 = 'alpha' WHERE id = (SELECT n FROM item WHERE id = 'item7')", 'item7'],
    ['INSERT INTO version SELECT 999, first_sent, place, many, 1, sent, 1, 0, 1, 1 FROM version LIMIT 1'],
    ["INSERT INTO words (rowid, body) VALUES (999, 'alpha')"],
    ['UPDATE tally SET items = items + 1'],
    ['DELETE FROM tally WHERE partition = 1'],
  ];
  await using folder = await temporaryFolder();
  const file = await closedIndex(folder.path);
  const bytes = await readFile(file);
  for (const [sql, itemId] of changes) {
    await writeFile(file, bytes);
    const db = new DatabaseSync(file);
    db.enableDefensive(false);
    db.exec(`${sql}; PRAGMA wal_checkpoint(TRUNCATE)`);
    db.close();
    const named = await findingsOf(folder.path);
    assert.ok(named !== undefined, sql);
    if (itemId !== undefined) assert.ok(named.has(itemId), `${sql}: ${[...named].join(' ')}`);
  }
});

/** A fixed sequence, so that a failure can be repeated. */
const numbers = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const answersOf = async (folder: string): Promise<unknown> => {
  await using index = await openSqliteArchiveIndex({ ...optionsIn(folder), readOnly: true });
  const queries = [
    'alpha',
    'common3 OR tail',
    'NOT alpha',
    'k10qjx',
    'edited:true',
    'from:ann sent>2024-03-01',
    'be*',
  ];
  return Promise.all(
    queries.map((query) =>
      searchIn(index, query, { facets: ['kind', 'conversation', 'sender', 'quarterHour'] }),
    ),
  );
};

test('a changed byte anywhere in the file is found, or changes no answer; nothing ever crashes', async () => {
  await using folder = await temporaryFolder();
  const file = await closedIndex(folder.path);
  const bytes = await readFile(file);
  const expected = await answersOf(folder.path);
  const next = numbers(7);
  // Most of a small file is unused; what is not zero is likely to mean something.
  const used = [...bytes.keys()].filter((at) => bytes[at] !== 0);
  let foundCount = 0;
  for (let run = 0; run < 200; run++) {
    const at = used[next(used.length)]!;
    await flip(file, bytes, at, 1 << next(8));
    const findings = await findingsOf(folder.path);
    if (findings !== undefined) foundCount += 1;
    else
      assert.deepEqual(
        await answersOf(folder.path),
        expected,
        `byte ${at} changed answers and was not found`,
      );
  }
  assert.ok(foundCount > 100, `${foundCount} changes were found`);
});
