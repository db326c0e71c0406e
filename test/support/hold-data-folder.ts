import { openDataFolder } from '../../services/adapters/files/data-folder.ts';
import { openSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { readAll, record, start, textOf } from './records.ts';

// Run as a child: does one thing with a data folder, says what came of it in a line of JSON, and holds it until killed.
const [path = '', act = ''] = process.argv.slice(2);

const say = (result: unknown) => process.stdout.write(`${JSON.stringify(result)}\n`);

try {
  const folder = await openDataFolder(path);
  const log = await openSqliteEventLog({
    path: folder.paths.log,
    partitions: folder.partitions,
    clock: systemClock,
    immutable: folder.readOnly,
  });
  if (act === 'serve')
    await folder.announceServer({ url: 'http://127.0.0.1:8080', token: 'a-token-of-a-child' });
  if (act === 'append') await log.append('governance', [record('k', 'left in the write-ahead log')]);
  const read = (await readAll(log, start())).map(textOf);
  say({ held: true, pid: process.pid, readOnly: folder.readOnly, read });
  process.stdin.resume();
} catch (error) {
  if (!isHoldfastError(error)) throw error;
  say({ held: false, code: error.code, details: error.details });
}
