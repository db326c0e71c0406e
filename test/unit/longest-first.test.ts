import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { longestFirst, longFiles } from '../support/longest-first.ts';

test('long files of tests come first, the others by name', () => {
  assert.deepEqual(
    longestFirst(['test/contract/b.test.ts', 'test/contract/a.test.ts', 'test/contract/ledger.test.ts']),
    ['test/contract/ledger.test.ts', 'test/contract/a.test.ts', 'test/contract/b.test.ts'],
  );
});

test('every file that is said to be long is there', () => {
  for (const name of longFiles)
    assert.ok(existsSync(join(import.meta.dirname, '..', `${name}.test.ts`)), name);
});
