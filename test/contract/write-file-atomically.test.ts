import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFileAtomically } from '../../services/adapters/files/write-file-atomically.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('many writes to one path at once all succeed, and one of them is there whole and alone', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'newest.json');
  const contents = Array.from({ length: 40 }, (_, n) => `${n} `.repeat(1000 * (1 + (n % 7))));
  await Promise.all(contents.map((content) => writeFileAtomically(path, content, 0o600)));
  assert.ok(contents.includes(await readFile(path, 'utf8')));
  assert.deepEqual(await readdir(folder.path), ['newest.json']);
});
