import type { Command } from 'commander';
import type { VerifyReport } from '../../../schemas/api/archive-operations.ts';
import type { Archive } from '../../search-api/archive.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { showSteps } from '../show-steps.ts';
import type { Terminal } from '../terminal.ts';
import type { OpeningOptions } from '../with-archive.ts';

/** How the archive is opened that is verified. */
export const verifyOpening: OpeningOptions = { create: false, asItLies: true };

export const addVerifyCommand = (program: Command, context: CommandContext): void => {
  program
    .command('verify')
    .description('recompute everything from the log and compare it with ledger, signed heads and index')
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExit code 3 when there is a difference; the first ones are named.\n')
    .action((options: { json?: boolean }) =>
      context.withArchive((archive) => verify(context, archive, options), verifyOpening),
    );
};

const verify = async (
  { terminal, caller, signal }: CommandContext,
  archive: Archive,
  options: { readonly json?: boolean },
): Promise<number> => {
  const report = await showSteps(terminal, archive.verify(caller(), signal), signal);
  if (options.json === true) terminal.out(JSON.stringify(report));
  else print(terminal, report);
  return report.ok ? exitCodes.done : exitCodes.differences;
};

const print = (terminal: Terminal, report: VerifyReport): void => {
  for (const { partition, events, items, root } of report.partitions) {
    terminal.out(`partition ${partition}: ${events} events, ${items} items, root ${root.slice(0, 16)}…`);
  }
  for (const { partition, offset, itemId, what } of report.differences) {
    const where =
      partition === undefined ? '' : ` at ${partition}${offset === undefined ? '' : `/${offset}`}`;
    terminal.out(`DIFFERENCE${where}${itemId === undefined ? '' : ` item ${itemId}`}: ${what}`);
  }
  if (report.unwitnessedTail > 0)
    terminal.out(
      `unwitnessed tail: ${report.unwitnessedTail} events, the entry of this command among them, are newer than the last signed head; nothing shows whether there were more`,
    );
  if (report.head !== undefined)
    terminal.out(`signed head of ${report.head.signedAt} by key ${report.head.keyId} was compared`);
  terminal.out(
    report.ok
      ? 'verified: log, ledger, signed heads and index agree'
      : `NOT VERIFIED: ${report.differences.length} differences shown. Keep the data folder as it is.`,
  );
};
