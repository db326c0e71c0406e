import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { showSteps } from '../show-steps.ts';

export const addRebuildIndexCommand = (program: Command, context: CommandContext): void => {
  program
    .command('rebuild-index')
    .description('make a new index from the log while searches go on in the old one')
    .action(() =>
      context.withArchive(
        async (archive) => {
          const { items, events, elapsedMs } = await showSteps(
            context.terminal,
            archive.rebuildIndex(context.caller(), context.signal),
            context.signal,
          );
          context.terminal.out(
            `${items} items from ${events} events in ${(elapsedMs / 1000).toFixed(1)} s; the new index answers now`,
          );
          return exitCodes.done;
        },
        { create: false, replaceDamagedIndex: true },
      ),
    );
};
