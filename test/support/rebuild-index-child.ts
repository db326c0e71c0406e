import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { found, message, putItems } from './ask-index.ts';

/** Opens an index and rebuilds it with the first of its items; prints what was refused and what it then answers. */
const [path = ''] = process.argv.slice(2);
const item = (n: number) => message(`i${n}`, n, { body: 'alpha' });

const run = async (): Promise<object> => {
  const options = { path, partitions: 3 };
  await using writer = await openSqliteArchiveIndex(options);
  await using reader = await openSqliteArchiveIndex({ ...options, readOnly: true });
  const rebuild = async (): Promise<string> => {
    await using rebuilt = await writer.rebuild();
    await rebuilt.put([toIndexDocument(item(0))]);
    await rebuilt.freeze();
    await rebuilt.commit([2, 0, 0]);
    return '';
  };
  const refused = await rebuild().catch(String);
  await putItems(writer, item(7));
  return { refused, written: await found(writer, 'alpha'), read: await found(reader, 'alpha') };
};

const answer = await run().catch((error: unknown) => ({ refused: String(error) }));
process.stdout.write(JSON.stringify(answer));
