import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { searchIn } from '../support/ask-index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kills = 6;

interface Acknowledged {
  /** End of what was put. */
  put: number;
  /** First items of batches of which five were edited. */
  readonly edited: number[];
}

/** Starts a child that writes, kills it after that many lines, and keeps what it acknowledged. */
const writeUntilKilled = async (path: string, known: Acknowledged, lines: number): Promise<string> => {
  const script = join(import.meta.dirname, 'put-until-killed.ts');
  const child = spawn(process.execPath, [script, path, `${known.put}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seen = 0;
  let last = '';
  for await (const line of createInterface(child.stdout)) {
    const [what, number] = line.split(' ');
    if (what === 'put') known.put = Math.max(known.put, Number(number));
    if (what === 'edited') known.edited.push(Number(number));
    last = line;
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  }
  return last;
};

test(`an index whose writer is killed ${kills} times has everything it acknowledged, sound and whole`, async (t) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'index.db');
  const known: Acknowledged = { put: 0, edited: [] };
  for (let run = 0; run < kills; run++) {
    const last = await writeUntilKilled(path, known, randomInt(1, 50));
    t.diagnostic(`run ${run}: killed after "${last}", ${known.put} items`);
    await using index = await openSqliteArchiveIndex({ path, partitions: 1 });
    const live = await readlink(path);
    const files = (await readdir(folder.path)).filter(
      (name) => !name.startsWith(live) && name !== 'index.db',
    );
    assert.deepEqual(files, [], 'nothing of a broken-off rebuild is left');
    const { items } = await index.counts();
    // A batch whose acknowledgement was cut off may be there, whole.
    assert.ok(items === known.put || items === known.put + 25, `${items} items of ${known.put}`);
    known.put = items;
    const alpha = await searchIn(index, 'alpha version:original', { limit: items });
    assert.equal(alpha.total, items);
    const edited = await searchIn(index, 'edited', { limit: items });
    const ids = new Set(edited.hits.map(({ item }) => item.id as string));
    for (const from of known.edited) for (let k = 0; k < 5; k++) assert.ok(ids.has(`i${from + k}`));
    assert.deepEqual(await index.checkIntegrity(), []);
  }
});
