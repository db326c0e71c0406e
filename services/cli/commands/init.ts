import { type Command, Option } from 'commander';
import { HoldfastError } from '../../core/errors.ts';
import type { CommandContext } from '../command-context.ts';

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...value.split(','),
];

export const addInitCommand = (program: Command, context: CommandContext): void => {
  program
    .command('init')
    .description(
      'make the configuration, keys and token of a new Enterprise Edition installation: --config FILE',
    )
    .requiredOption('--kafka <host:port>', 'a broker; may be repeated', several)
    .requiredOption('--elasticsearch <url>', 'a node; may be repeated', several)
    .addOption(
      new Option('--profile <name>', 'development: single nodes, which cannot keep every promise')
        .choices(['production', 'development'])
        .default('production'),
    )
    .action(async (options: InitCommandOptions) => {
      const { config: path } = context.config();
      if (path === undefined)
        throw new HoldfastError('BadRequest', { detail: 'init needs --config FILE, the file to make.' });
      const { installation } = await context.init({ path, ...options });
      const { terminal } = context;
      terminal.out(`installation ${installation}`);
      terminal.err(
        `${path}, keys/ and token beside it were made. Keep a copy of keys/ elsewhere: tree heads are verified with it.`,
      );
      terminal.err(`Next: holdfast doctor --config ${path}`);
      terminal.err(`      holdfast serve --edition enterprise --config ${path}`);
    });
};

interface InitCommandOptions {
  readonly kafka: readonly string[];
  readonly elasticsearch: readonly string[];
  readonly profile: 'production' | 'development';
}
