import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeCertificate } from '../print-answer.ts';

export const addCoverageCommand = (program: Command, context: CommandContext): void => {
  program
    .command('coverage')
    .description('what became of every event: archived, refused, quarantined, duplicate, pending')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) =>
      context.withArchive(async (archive) => {
        const coverage = await archive.coverage(context.caller());
        if (options.json === true) context.terminal.out(JSON.stringify(coverage));
        else {
          const { totals, scope, archiver } = coverage;
          const { out } = context.terminal;
          out(`scope      ${scope.who === 'everyone' ? 'everyone' : `${scope.users.length} listed users`}`);
          out(`archiver   ${archiver.state}${archiver.failure === undefined ? '' : `: ${archiver.failure}`}`);
          out(`logged     ${totals.logged}`);
          out(`accounted  ${totals.accounted}   pending ${totals.pending}   items ${totals.items}`);
          for (const [outcome, count] of Object.entries(totals.outcomes))
            if (count > 0) out(`  ${outcome.padEnd(12)}${count}`);
          for (const { partition, logged, accounted, items } of coverage.partitions) {
            out(`partition ${partition}: ${accounted} of ${logged} events accounted for, ${items} items`);
          }
          context.terminal.err(describeCertificate(coverage.certificate));
        }
        return exitCodes.done;
      }),
    );
};
