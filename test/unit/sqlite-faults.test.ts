import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { toLedgerFault } from '../../services/adapters/sqlite/ledger-fault.ts';
import { toLogFault } from '../../services/adapters/sqlite/log-fault.ts';
import { HoldfastError } from '../../services/core/errors.ts';

const errorOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing failed.');
};

const codesOf = (error: unknown): unknown[] =>
  [toLogFault(error, '/tmp/log.db'), toLedgerFault(error, '/tmp/ledger.db')].map((fault) => {
    assert.ok(fault instanceof HoldfastError);
    assert.equal(fault.cause, error);
    return fault.code;
  });

test('whatever SQLite says becomes an unavailable log or ledger, with the cause kept', () => {
  using db = new DatabaseSync(':memory:');
  const error = errorOf(() => db.exec('SELECT * FROM nowhere'));
  assert.deepEqual(codesOf(error), ['LogUnavailable', 'LedgerUnavailable']);
});

test('a closed database is an unavailable log or ledger', () => {
  const db = new DatabaseSync(':memory:');
  db.close();
  assert.deepEqual(codesOf(errorOf(() => db.exec('SELECT 1'))), ['LogUnavailable', 'LedgerUnavailable']);
});

test('a full file is told as a lack of space', () => {
  using db = new DatabaseSync(':memory:');
  db.exec('PRAGMA max_page_count = 2; CREATE TABLE t (v BLOB)');
  const error = errorOf(() => db.exec('INSERT INTO t VALUES (zeroblob(100000))'));
  assert.deepEqual(codesOf(error), ['LogFull', 'LedgerUnavailable']);
  assert.match(String(toLedgerFault(error, '/tmp/ledger.db')), /no space left/);
});

test('errors of our own pass as they are', () => {
  const own = new HoldfastError('Internal');
  assert.equal(toLogFault(own, ''), own);
  assert.equal(toLedgerFault(own, ''), own);
});
