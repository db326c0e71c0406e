import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listSamples, type Sample } from '../../infra/list-samples.ts';
import { describeReport } from '../cli/commands/import.ts';
import { type ImportContext, runImport } from '../cli/run-import.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import { HoldfastError } from '../core/errors.ts';
import type { Archive } from '../search-api/archive.ts';

const suggestions = `
Three things to try, here or in another terminal:
  npx holdfast search 'sudo apt-get NEAR(5) upgrade'
  npx holdfast search '회의'
  npx holdfast verify
`;

/**
 * Imports the samples through the real pipeline into an archive that has nothing else, and says what to try. An import
 * that was interrupted is continued; an archive of one's own is left alone.
 */
export const importSamples = async (context: ImportContext, archive: Archive): Promise<void> => {
  const { terminal, caller, signal } = context;
  const { totals } = await archive.coverage(caller());
  const samples = listSamples();
  const isWanted = totals.items === 0 || (await isUnfinished(archive, samples));
  if (!isWanted) terminal.err(`${totals.items} items are archived already.`);
  else {
    for (const { title, licence } of samples) terminal.err(`sample: ${title} (${licence})`);
    const paths = samples.map(({ path }) => path);
    const report = await runImport(context, archive, paths, { format: 'auto' });
    // Licences lie beside the conversations; that they are no conversations is no news.
    for (const line of describeReport({ ...report, skippedFileReasons: {} })) terminal.err(line);
  }
  if (!signal.aborted) terminal.err(suggestions);
};

/** Files are imported in order: the last line is archived last. */
const isUnfinished = async (archive: Archive, samples: readonly Sample[]): Promise<boolean> => {
  const first = samples.at(0);
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return false;
  const [hasFirst, hasLast] = await archive.known([await eventOf(first, 0), await eventOf(last, -1)]);
  return hasFirst === true && hasLast !== true;
};

const eventOf = async ({ path }: Sample, line: 0 | -1): Promise<{ id: string; contentHash: string }> => {
  const lines = (await readFile(join(path, 'conversations.jsonl'), 'utf8')).trim().split('\n');
  const decoded = decodeEvent(Buffer.from(lines.at(line) ?? ''));
  if (!decoded.ok)
    throw new HoldfastError('Internal', { detail: `A sample cannot be read: ${decoded.reason}.` });
  return { id: decoded.event.id, contentHash: decoded.contentHash };
};
