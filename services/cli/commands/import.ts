import { type Command, Option } from 'commander';
import { isHoldfastError } from '../../core/errors.ts';
import { type ImportFormat, importFormats } from '../../importer/detect-format.ts';
import type { ImportReport } from '../../importer/import-report.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { runImport } from '../run-import.ts';

interface ImportOptions {
  readonly format: ImportFormat;
  readonly conversation?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  holdfast import ~/logs/#ubuntu
  holdfast import 2004-12-25.txt --format irc --conversation '#ubuntu'
  holdfast import workspace-export.zip --format slack
  holdfast --purpose 'matter 7, custodian Ann' import export.jsonl

Importing the same files again changes nothing, so an import that was stopped is continued by repeating it.
A Slack export is read from its zip as it is; of overlapping exports import the oldest first.
Every line is accounted for: read = archived + duplicate + conflict + refused + quarantined + skipped.
`;

export const addImportCommand = (program: Command, context: CommandContext): void => {
  program
    .command('import')
    .description('archive files of other systems')
    .argument('<path...>', 'files or folders')
    .addOption(new Option('--format <format>', 'what the files are').choices(importFormats).default('auto'))
    .option(
      '--conversation <name>',
      'conversation of IRC files in which nobody joins a channel (default: name of the folder)',
    )
    .option('--json', 'the report as JSON')
    .addHelpText('after', examples)
    .action((paths: string[], options: ImportOptions) => importPaths(context, paths, options));
};

const importPaths = async (
  context: CommandContext,
  paths: readonly string[],
  { format, conversation, json }: ImportOptions,
): Promise<void> => {
  // A path that is not there must not leave a new data folder behind.
  for (const path of paths) await context.sources.files.list(path);
  const print = (report: ImportReport): void => {
    if (json === true) context.terminal.out(JSON.stringify(report));
    else for (const line of describeReport(report)) context.terminal.out(line);
  };
  await context.withArchive(
    async (archive) => {
      try {
        const options = { format, ...(conversation === undefined ? {} : { conversation }) };
        const report = await runImport(context, archive, paths, options);
        print(report);
        return exitCodeOfImport(report, paths);
      } catch (error) {
        if (isHoldfastError(error) && error.details.report !== undefined) {
          print(error.details.report as ImportReport);
          context.terminal.err('failed before the end; import the same again to continue');
        }
        throw error;
      }
    },
    { create: true },
  );
};

/** What was named on the command line and not imported, or not whole, must not look as if it was. */
const exitCodeOfImport = (report: ImportReport, paths: readonly string[]): number => {
  if (report.interrupted) return exitCodes.interrupted;
  const isLeftOut = report.skippedFiles.some(({ path }) => paths.includes(path));
  return report.files === 0 || isLeftOut || report.lostFiles > 0 ? exitCodes.failed : exitCodes.done;
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
    ...(report.lostFiles === 0
      ? []
      : [`  ${report.lostFiles} of them should have been readable: messages may be missing`]),
    ...report.quarantine.map(({ path, line, reason }) =>
      printable(`  quarantined ${path}:${line}: ${reason}`),
    ),
  ];
};
