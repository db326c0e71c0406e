import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import { importFiles } from '../../services/importer/import-files.ts';
import { openStandard } from '../../services/standard/compose.ts';
import type { ImportFigures } from './import.ts';
import { startCost } from './processor-time.ts';
import { watchLoop } from './watch-loop.ts';

/** A process of its own, so that its memory and CPU time are those of the import alone. */
const [data = '', ...files] = process.argv.slice(2);
const edition = await openStandard({ data, timeZone: 'UTC' });
const ports = { sink: edition.archive, files: localSourceFiles, clock: systemClock, random: systemRandom };
const endCost = startCost();
const endWatch = watchLoop();
const report = await importFiles(files, { importId: 'bench', format: 'irc', conversation: '#ubuntu' }, ports);
await edition.settled();
const loop = endWatch();
const cost = endCost();
const { totals } = await edition.archive.coverage({ actor: { id: 'bench' }, purpose: 'bench' });
await edition[Symbol.asyncDispose]();
if (totals.items === 0 || totals.items !== report.archived + report.conflict)
  throw new Error(`${report.archived} lines were archived, but ${totals.items} items are there.`);
const bytesOf = (pattern: string): number =>
  globSync(join(data, pattern)).reduce((sum, path) => sum + statSync(path).size, 0);
const figures: ImportFigures = {
  lines: report.read,
  items: totals.items,
  ...cost,
  maxRssMb: process.resourceUsage().maxRSS / 1024,
  loop,
  bytesPerItem: {
    log: bytesOf('log.db') / totals.items,
    ledger: bytesOf('ledger.db') / totals.items,
    index: bytesOf('index-*.db') / totals.items,
  },
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
