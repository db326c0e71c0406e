import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import { importFiles } from '../../services/importer/import-files.ts';
import { openEdition } from '../support/open-edition.ts';

/** Child of import-kill.test.ts: imports a file and says how far it is, until it is killed or done. */
const [installation = '', file = ''] = process.argv.slice(2);
await using edition = await openEdition(installation);
const ports = { sink: edition.archive, files: localSourceFiles, clock: systemClock, random: systemRandom };
const onProgress = ({ lines }: { lines: number }): void => void process.stdout.write(`${lines}\n`);
const report = await importFiles([file], { importId: 'killed', format: 'jsonl', onProgress }, ports);
process.stdout.write(`done ${report.read}\n`);
