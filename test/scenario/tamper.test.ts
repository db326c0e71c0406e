import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { VerifyReport } from '../../schemas/api/archive-operations.ts';
import { openStandard } from '../../services/standard/compose.ts';
import { bytesOf, edited, sent } from '../support/event-builder.ts';
import { runHoldfast } from '../support/run-holdfast.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { verifyFolder } from '../support/verify-folder.ts';

const caller = { actor: { id: 'tester' }, purpose: 'tamper' };
const canary = 'Zanzibarquartz';

let base: TemporaryFolder;

before(async () => {
  base = await temporaryFolder();
  await using edition = await openStandard({ data: join(base.path, 'data'), timeZone: 'UTC' });
  const events = [
    sent({ id: 'a', body: 'before it' }),
    sent({ id: 'target', body: `meet at ${canary} tonight` }),
    edited({ item: 'target', body: `meet at ${canary} tomorrow` }),
    sent({ id: 'z', body: 'after it' }),
  ];
  await edition.archive.append([...events.map(bytesOf), Buffer.from('not an event')]);
  await edition.settled();
  await edition.archive.coverage(caller);
  await edition.settled();
});
after(() => base[Symbol.asyncDispose]());

/** A copy of a closed archive that somebody was at. */
const tamperedCopy = async (
  tamper: (data: string) => void | Promise<void>,
): Promise<TemporaryFolder & { readonly data: string }> => {
  const folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  await cp(join(base.path, 'data'), data, { recursive: true, verbatimSymlinks: true });
  await tamper(data);
  return { ...folder, data };
};

const verifyAfter = async (tamper: (data: string) => void | Promise<void>): Promise<VerifyReport> => {
  await using copy = await tamperedCopy(tamper);
  await using edition = await openStandard({ data: copy.data, timeZone: 'UTC' });
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

/** Runs SQL on a file while no process has it open, and leaves no write-ahead log. */
const execute = (file: string, sql: string): void => {
  using db = new DatabaseSync(file);
  db.exec(sql);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
};

const ofTarget = "(SELECT n FROM item WHERE id = 'target')";
/** Every row of the item, as somebody would who knows the tables. */
const removal = `
  DELETE FROM words WHERE rowid = ${ofTarget}
    OR rowid IN (SELECT value FROM item, json_each(item.more) WHERE item.id = 'target');
  DELETE FROM version WHERE place = (SELECT place FROM item WHERE id = 'target');
  DELETE FROM id_key WHERE n = ${ofTarget};
  DELETE FROM fresh_key WHERE n = ${ofTarget};
  UPDATE tally SET items = items - 1
    WHERE partition = (SELECT place / 1099511627776 FROM item WHERE id = 'target');
  DELETE FROM item WHERE id = 'target';`;

/** The table of the one partition that the messages are in. */
const imRecords = (data: string): string => {
  using db = new DatabaseSync(join(data, 'log.db'), { readOnly: true });
  const found = [0, 1, 2, 3]
    .map((partition) => `records_im_1_${partition}`)
    .filter((table) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n) > 1);
  assert.equal(found.length, 1);
  return found[0] ?? '';
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

/** By the command, which looks before an archiver starts and puts the item back. */
const verifyBeforeAnyStart = async (tamper: (data: string) => void): Promise<VerifyReport> => {
  await using copy = await tamperedCopy(tamper);
  const { code, out } = await runHoldfast(['--data', copy.data, 'verify', '--json']);
  assert.equal(code, 3);
  return JSON.parse(out);
};

test('an item deleted directly from the index is found, and named', async () => {
  namesTarget(
    await verifyBeforeAnyStart((data) => execute(indexFile(data), "DELETE FROM item WHERE id = 'target'")),
  );
});

test('an item deleted from every table of the index is found, and named', async () => {
  namesTarget(await verifyBeforeAnyStart((data) => execute(indexFile(data), removal)));
});

test('a table of pages that leads searches past a word is found', async () => {
  await using many = await temporaryFolder();
  const data = join(many.path, 'data');
  await using edition = await openStandard({ data, timeZone: 'UTC' });
  const bodies = Array.from({ length: 300 }, (_, n) => `word${n * 7919} and word${n * 104_729}`);
  await edition.archive.append(bodies.map((body) => bytesOf(sent({ body }))));
  await edition.settled();
  await edition[Symbol.asyncDispose]();
  assert.equal((await verifyFolder(data)).ok, true);
  {
    using db = new DatabaseSync(indexFile(data), { defensive: false });
    db.exec(
      `UPDATE words_idx SET term = CAST('0.' AS BLOB)
        WHERE term = (SELECT min(term) FROM words_idx WHERE length(term) > 0)`,
    );
    assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok']);
  }
  const { differences } = await verifyFolder(data);
  assert.match(differences[0]?.what ?? '', /is not found everywhere it is stored/);
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

test('an event whose content was taken out of the log, and its item out of the index, is found and named', async () => {
  const report = await verifyAfter((data) => {
    execute(join(data, 'log.db'), `UPDATE ${imRecords(data)} SET value = NULL WHERE offset IN (1, 2)`);
    execute(indexFile(data), removal);
  });
  namesTarget(report);
});

test('an audit entry taken out of the log is found', async () => {
  const { ok, differences } = await verifyAfter((data) =>
    execute(join(data, 'log.db'), 'UPDATE records_audit_1_0 SET value = NULL WHERE offset = 0'),
  );
  assert.equal(ok, false);
  assert.match(differences[0]?.what ?? '', /audit: the content of the event is gone/);
});

test('numbers of outcomes and a quarantine rewritten in the ledger are found', async () => {
  const { differences } = await verifyAfter((data) =>
    execute(
      join(data, 'ledger.db'),
      "DELETE FROM quarantined; UPDATE outcomes SET count = count + 1 WHERE outcome = 'archived'",
    ),
  );
  const whats = differences.map(({ what }) => what).join('\n');
  assert.match(whats, /the quarantine list is not what the entries say/);
  assert.match(whats, /the ledger counts/);
});

test('signed heads that were all deleted are missed, and no new one covers for them', async () => {
  const { differences } = await verifyAfter((data) =>
    execute(join(data, 'ledger.db'), 'DROP TRIGGER heads_refuse_delete; DELETE FROM heads'),
  );
  assert.match(differences[0]?.what ?? '', /newest that was kept beside the key, is missing from the ledger/);
});

test('a ledger and its heads that were deleted and made anew are found', async () => {
  const { ok } = await verifyAfter((data) => rm(join(data, 'ledger.db')));
  assert.equal(ok, false);
});

test('a head that is no head is found, and the file named', async () => {
  await using copy = await tamperedCopy((data) =>
    execute(
      join(data, 'ledger.db'),
      "DROP TRIGGER heads_refuse_update; UPDATE heads SET head = replace(head, ',', ';')",
    ),
  );
  const { code, out } = await runHoldfast(['--data', copy.data, 'verify']);
  assert.notEqual(code, 0);
  assert.match(out, /DIFFERENCE: the signed heads cannot be read: .*ledger\.db/);
});

test('an end of the log that is not where its events end is refused', async () => {
  for (const change of ['next_offset = next_offset + 1', 'last_logged_at = last_logged_at + 1'])
    await assert.rejects(
      verifyAfter((data) =>
        execute(join(data, 'log.db'), `UPDATE partitions SET ${change} WHERE name = 'audit_1_0'`),
      ),
      { code: 'DataFolderInvalid' },
    );
});

test('event ids that the ledger was made to forget are found', async () => {
  const { differences } = await verifyAfter((data) =>
    execute(join(data, 'ledger.db'), 'UPDATE occurrences_through SET range = 1000'),
  );
  assert.match(differences[0]?.what ?? '', /does not find event/);
});

test('holdfast verify names the item and ends with exit code 3', async () => {
  await using copy = await tamperedCopy(async (data) => {
    assert(await changeByte(indexFile(data), canary, 0));
  });
  const { code, out } = await runHoldfast(['--data', copy.data, 'verify']);
  assert.equal(code, 3);
  assert.match(out, /DIFFERENCE at \d\/1 item target:/);
  assert.match(out, /NOT VERIFIED/);
});
