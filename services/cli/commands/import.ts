import type { Command } from 'commander';
import { HoldfastError } from '../../core/errors.ts';
import { type ImportFormat, importFormats } from '../../importer/detect-format.ts';
import type { ImportReport } from '../../importer/import-report.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { runImport } from '../run-import.ts';

interface ImportOptions {
  readonly format: string;
  readonly conversation?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  holdfast import ~/logs/#ubuntu
  holdfast import 2004-12-25.txt --format irc --conversation '#ubuntu'
  holdfast --purpose 'matter 7, custodian Ann' import export.jsonl

Importing the same files again changes nothing, so an import that was stopped is continued by repeating it.
Every line is accounted for: read = archived + duplicate + conflict + refused + quarantined + skipped.
`;

export const addImportCommand = (program: Command, context: CommandContext): void => {
  program
    .command('import')
    .description('archive files of other systems')
    .argument('<path...>', 'files or folders')
    .option('--format <format>', importFormats.join(', '), 'auto')
    .option(
      '--conversation <name>',
      'conversation of IRC files in which nobody joins a channel (default: name of the folder)',
    )
    .option('--json', 'the report as JSON')
    .addHelpText('after', examples)
    .action((paths: string[], options: ImportOptions) =>
      context.withArchive(
        async (archive) => {
          const report = await runImport(context, archive, paths, {
            format: formatOf(options.format),
            ...(options.conversation === undefined ? {} : { conversation: options.conversation }),
          });
          if (options.json === true) context.terminal.out(JSON.stringify(report));
          else for (const line of describeReport(report)) context.terminal.out(line);
          return report.interrupted ? exitCodes.interrupted : exitCodes.done;
        },
        { create: true },
      ),
    );
};

const formatOf = (text: string): ImportFormat => {
  const format = importFormats.find((known) => known === text);
  if (format === undefined)
    throw new HoldfastError('BadRequest', { detail: `--format: expected ${importFormats.join(', ')}.` });
  return format;
};

export const describeReport = (report: ImportReport): string[] => {
  const { read, archived, duplicate, conflict, refused, quarantined } = report;
  const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0);
  return [
    ...(report.interrupted ? ['stopped before the end; import the same again to continue'] : []),
    `${report.files} files, ${read} lines read = ${archived} archived + ${duplicate} duplicate + ${conflict} conflict + ${refused} refused + ${quarantined} quarantined + ${skipped} skipped`,
    ...Object.entries(report.skipped).map(([reason, count]) => `  ${count} skipped: ${reason}`),
    ...Object.entries(report.skippedFileReasons).map(
      ([reason, count]) => `  ${count} ${count === 1 ? 'file' : 'files'} not imported: ${reason}`,
    ),
    ...report.quarantine.map(({ path, line, reason }) => `  quarantined ${path}:${line}: ${reason}`),
  ];
};
