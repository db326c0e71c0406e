import { writeSync } from 'node:fs';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { message } from '../support/ask-index.ts';

// Run as a child: puts batches for ever, edits some of them, rebuilds now and then, and writes a line for everything
// the index acknowledged.
const [path = '', firstItem = '0'] = process.argv.slice(2);
const batch = 25;

const index = await openSqliteArchiveIndex({ path, partitions: 1 });
const said = (line: string): number => writeSync(1, `${line}\n`);

const documentsFrom = (from: number, count: number, edited: boolean) =>
  Array.from({ length: count }, (_, k) => {
    const n = from + k;
    const edits = edited ? [{ body: `edited n${n}` }] : [];
    return toIndexDocument(message(`i${n}`, n * 4, { body: `alpha n${n} ${'x '.repeat(n % 50)}`, edits }));
  });

for (let from = Number(firstItem); ; from += batch) {
  await index.put(documentsFrom(from, batch, false));
  said(`put ${from + batch}`);
  await index.put(documentsFrom(from, 5, true));
  said(`edited ${from}`);
  if (from % 400 < batch) {
    await using rebuild = await index.rebuild();
    for (let at = 0; at < from + batch; at += 500) {
      const count = Math.min(500, from + batch - at);
      await rebuild.put(documentsFrom(at, count, false));
    }
    for (let at = 0; at <= from; at += batch) await rebuild.put(documentsFrom(at, 5, true));
    said('filled');
    await rebuild.commit([from + batch]);
    said('swapped');
  }
}
