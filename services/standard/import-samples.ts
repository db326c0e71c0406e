import { listSamples } from '../../infra/list-samples.ts';
import { describeReport } from '../cli/commands/import.ts';
import { type ImportContext, runImport } from '../cli/run-import.ts';
import type { Archive } from '../search-api/archive.ts';

const suggestions = `
Three things to try, here or in another terminal:
  npx holdfast search 'sudo apt-get NEAR(5) upgrade'
  npx holdfast search '회의'
  npx holdfast verify
`;

/** Imports the samples through the real pipeline unless they are archived already, and says what to try. */
export const importSamples = async (context: ImportContext, archive: Archive): Promise<void> => {
  const { totals } = await archive.coverage(context.caller());
  if (totals.items > 0) {
    context.terminal.err(`${totals.items} items are archived already.`);
  } else {
    const samples = listSamples();
    for (const { title, licence } of samples) context.terminal.err(`sample: ${title} (${licence})`);
    const report = await runImport(
      context,
      archive,
      samples.map(({ path }) => path),
      { format: 'auto' },
    );
    for (const line of describeReport(report)) context.terminal.err(line);
  }
  context.terminal.err(suggestions);
};
