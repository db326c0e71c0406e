import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { VerifyReport } from '../../schemas/api/archive-operations.ts';
import { openStandard } from '../../services/standard/compose.ts';
import { bytesOf, edited, sent } from '../support/event-builder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const caller = { actor: { id: 'tester' }, purpose: 'tamper' };
const canary = 'Zanzibarquartz';

/** Archives a few items, closes, lets somebody at the files, and verifies. */
const verifyAfter = async (tamper: (data: string) => Promise<void>): Promise<VerifyReport> => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  {
    await using edition = await openStandard({ data, timeZone: 'UTC' });
    const events = [
      sent({ id: 'a', body: 'before it' }),
      sent({ id: 'target', body: `meet at ${canary} tonight` }),
      edited({ item: 'target', body: `meet at ${canary} tomorrow` }),
      sent({ id: 'z', body: 'after it' }),
    ];
    await edition.archive.append(events.map(bytesOf));
    await edition.settled();
  }
  await tamper(data);
  await using edition = await openStandard({ data, timeZone: 'UTC' });
  for await (const step of edition.archive.verify(caller)) if (step.kind === 'report') return step.report;
  throw new Error('no report');
};

const namesTarget = ({ ok, differences }: VerifyReport): void => {
  assert.equal(ok, false);
  assert(
    differences.some(({ itemId }) => itemId === 'target'),
    JSON.stringify(differences),
  );
};

/** Changes one byte at the n-th place where the text stands in a file. */
const changeByte = async (path: string, search: string, occurrence: number): Promise<boolean> => {
  const bytes = await readFile(path);
  let at = -1;
  for (let n = 0; n <= occurrence; n += 1) {
    at = bytes.indexOf(search, at + 1);
    if (at < 0) return false;
  }
  bytes[at + 2] = bytes[at + 2]! ^ 1;
  await writeFile(path, bytes);
  return true;
};

const indexFile = (data: string): string => join(data, 'index.db');

test('an untouched archive verifies', async () => {
  assert.equal((await verifyAfter(async () => undefined)).ok, true);
});

test('one byte of an item’s stored words changed in the index file is found, and the item named', async () => {
  namesTarget(await verifyAfter(async (data) => assert(await changeByte(indexFile(data), canary, 0))));
});

test('one byte of an item’s indexed tokens changed in the index file is found, and the item named', async () => {
  namesTarget(
    await verifyAfter(async (data) => assert(await changeByte(indexFile(data), canary.toLowerCase(), 0))),
  );
});

test('wherever the word stands in the index file, changing a byte of it is found', async () => {
  for (let occurrence = 0; occurrence < 12; occurrence += 1) {
    let changed = false;
    const report = await verifyAfter(async (data) => {
      changed = await changeByte(indexFile(data), canary.toLowerCase(), occurrence);
    });
    if (!changed) break;
    assert.equal(report.ok, false, `occurrence ${occurrence}`);
  }
});

test('an item deleted directly from the index is found, and named', async () => {
  const report = await verifyAfter(async (data) => {
    using db = new DatabaseSync(indexFile(data));
    assert.equal(db.prepare("DELETE FROM item WHERE id = 'target'").run().changes, 1);
  });
  namesTarget(report);
});

test('one byte of a logged event changed is found, and the item named', async () => {
  namesTarget(await verifyAfter(async (data) => assert(await changeByte(join(data, 'log.db'), canary, 0))));
});

test('an outcome rewritten in the ledger is found', async () => {
  const report = await verifyAfter(async (data) =>
    assert(await changeByte(join(data, 'ledger.db'), '"target"', 0)),
  );
  assert.equal(report.ok, false);
});
