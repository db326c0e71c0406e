import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import { importFiles } from '../../services/importer/import-files.ts';
import { openStandard } from '../../services/standard/compose.ts';
import type { ImportFigures } from './import.ts';

/** A process of its own, so that its memory and CPU time are those of the import alone. */
const [data = '', ...files] = process.argv.slice(2);
const edition = await openStandard({ data, timeZone: 'UTC' });
const ports = { sink: edition.archive, files: localSourceFiles, clock: systemClock, random: systemRandom };
const delay = monitorEventLoopDelay({ resolution: 1 });
const cpu = process.cpuUsage();
const startedMs = performance.now();
delay.enable();
const report = await importFiles(files, { importId: 'bench', format: 'irc', conversation: '#ubuntu' }, ports);
await edition.settled();
delay.disable();
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage(cpu);
const { totals } = await edition.archive.coverage({ actor: { id: 'bench' }, purpose: 'bench' });
await edition[Symbol.asyncDispose]();
const bytesOf = (pattern: string): number =>
  globSync(join(data, pattern)).reduce((sum, path) => sum + statSync(path).size, 0);
const figures: ImportFigures = {
  lines: report.read,
  items: totals.items,
  seconds,
  cpuSeconds: (user + system) / 1_000_000,
  maxRssMb: process.resourceUsage().maxRSS / 1024,
  loopP99Ms: delay.percentile(99) / 1e6,
  loopMaxMs: delay.max / 1e6,
  bytesPerItem: {
    log: bytesOf('log.db') / totals.items,
    ledger: bytesOf('ledger.db') / totals.items,
    index: bytesOf('index-*.db') / totals.items,
  },
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
