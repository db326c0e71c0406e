import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { message, putItems } from '../support/ask-index.ts';
import { needsStrace } from '../support/strace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = join(import.meta.dirname, '../support/rebuild-index-child.ts');

interface Answer {
  readonly refused: string;
  readonly written?: string;
  readonly read?: string;
}

/** An index with two items, then what a process makes of it in which every such call on this path fails. */
const rebuildFaulty = async (
  folder: string,
  { call, on }: { readonly call: string; readonly on: string },
): Promise<Answer> => {
  const path = join(folder, 'index.db');
  {
    await using index = await openSqliteArchiveIndex({ path, partitions: 3 });
    await putItems(index, ...[0, 1].map((n) => message(`i${n}`, n, { body: 'alpha' })));
  }
  const fault = ['-e', `trace=${call}`, '-e', `inject=${call}:error=EIO`, '-P', join(folder, on)];
  const { stdout } = await promisify(execFile)('strace', [
    ...['-f', '-o', '/dev/null', ...fault],
    ...[process.execPath, script, path],
  ]);
  return JSON.parse(stdout) as Answer;
};

test('where a swap cannot be flushed, writer and readers go on in the same file', {
  skip: needsStrace,
}, async () => {
  await using folder = await temporaryFolder();
  const { refused, written, read } = await rebuildFaulty(folder.path, { call: 'fsync', on: '.' });
  assert.match(refused, /EIO/);
  assert.equal(written, 'i0 i7');
  assert.equal(read, written);
});

test('an index whose name cannot be read is refused, and its file stays', {
  skip: needsStrace,
}, async () => {
  await using folder = await temporaryFolder();
  const { refused } = await rebuildFaulty(folder.path, { call: 'readlink', on: 'index.db' });
  assert.match(refused, /index\.db: EIO/);
  assert.deepEqual((await readdir(folder.path)).sort(), ['index-1.db', 'index.db']);
});
