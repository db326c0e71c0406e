import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Scope } from '../../../schemas/events/governance-event.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openInput } from '../open-input.ts';

export const addScopeCommand = (program: Command, context: CommandContext): void => {
  const scope = program.command('scope').description('whose conversations are archived from now on');
  scope
    .command('show', { isDefault: true })
    .description('show the scope')
    .action(() =>
      context.withArchive(async (archive) => {
        const answer = await archive.scope(context.caller());
        context.terminal.out(describe(answer.scope));
        context.terminal.err(`version ${answer.version}, governance offset ${answer.governanceOffset}`);
        return exitCodes.done;
      }),
    );
  scope
    .command('set')
    .description('archive everyone, or every conversation a listed user takes part in')
    .option('--everyone', 'archive everyone')
    .option('--users <file>', 'one address or person id a line; - for standard input')
    .option('--reason <text>', 'why; kept on the governance stream')
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast scope set --everyone\n  holdfast scope set --users traders.txt --reason "MiFID II desk"\n',
    )
    .action((options: { everyone?: boolean; users?: string; reason?: string }) => setScope(context, options));
};

const setScope = async (
  context: CommandContext,
  options: { everyone?: boolean; users?: string; reason?: string },
): Promise<void> => {
  const scope = await scopeOf(options, context.signal);
  await context.withArchive(
    async (archive) => {
      const answer = await archive.setScope(context.caller(), {
        scope,
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      });
      context.terminal.out(
        `${describe(answer.scope)}, from governance offset ${answer.governanceOffset} on; what was archived stays archived`,
      );
      return exitCodes.done;
    },
    { create: true },
  );
};

const scopeOf = async (
  { everyone, users }: { everyone?: boolean; users?: string },
  signal: AbortSignal,
): Promise<Scope> => {
  if ((everyone === true) === (users !== undefined))
    throw new HoldfastError('BadRequest', { detail: 'Expected either --everyone or --users FILE.' });
  if (users === undefined) return { who: 'everyone' };
  const listed = (await text(await openInput(users, signal)))
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (listed.length === 0)
    throw new HoldfastError('BadRequest', {
      detail: `${users} lists nobody; expected one address or person id a line.`,
    });
  return { who: 'users', users: [...new Set(listed)] };
};

const describe = (scope: Scope): string =>
  scope.who === 'everyone'
    ? 'everyone is archived'
    : `conversations of ${scope.users.length} listed users are archived`;
