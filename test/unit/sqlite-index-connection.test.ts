import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { IndexConnection } from '../../services/adapters/sqlite/archive-index/index-connection.ts';
import { createIndexFile } from '../../services/adapters/sqlite/archive-index/index-schema.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('an index file that was closed, and could not be opened again, closes without a fault', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'index-1.db');
  createIndexFile(file);
  const connection = new IndexConnection(file, {});
  connection[Symbol.dispose]();
  assert.doesNotThrow(() => connection[Symbol.dispose]());
});
