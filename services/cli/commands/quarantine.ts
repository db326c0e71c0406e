import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../printable.ts';

const pageSize = 100;

export const addQuarantineCommand = (program: Command, context: CommandContext): void => {
  const quarantine = program
    .command('quarantine')
    .description('what could not be understood: kept with its bytes, position and reason');
  quarantine
    .command('list')
    .description('list it')
    .option('--json', 'one JSON line an entry, with the bytes in base64')
    .action((options: { json?: boolean }) =>
      context.withArchive(async (archive) => {
        let after: string | undefined;
        let total = 0;
        do {
          context.signal.throwIfAborted();
          const page = await archive.quarantine(context.caller(), after, pageSize);
          for (const entry of page.entries) {
            const { partition, offset } = entry.position;
            const state = entry.redriven ? ' (archived since)' : '';
            context.terminal.out(
              options.json === true
                ? JSON.stringify(entry)
                : `${partition}/${offset}  ${printable(entry.reason)}${state}`,
            );
          }
          total = page.total;
          after = page.next;
        } while (after !== undefined);
        context.terminal.err(`${total} quarantined`);
        return exitCodes.done;
      }),
    );
  quarantine
    .command('retry')
    .description('read it again, as after an upgrade; what is understood now is archived')
    .action(() =>
      context.withArchive(async (archive) => {
        const { tried, redriven, stillUnreadable } = await archive.retryQuarantine(context.caller());
        context.terminal.out(
          `${tried} tried, ${redriven} archived now, ${stillUnreadable} still not understood`,
        );
        return exitCodes.done;
      }),
    );
};
