import { type Command, Option } from 'commander';
import { HoldfastError } from '../../core/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { wholeNumberTo } from '../option-values.ts';

export const addServeCommand = (program: Command, context: CommandContext): void => {
  program
    .command('serve')
    .description('serve page and API on this machine until Ctrl-C')
    .option('--samples', 'import the sample conversations first, once')
    .option(
      '--port <n>',
      'port to bind to; 0 = any free one (default: HOLDFAST_PORT, 8080)',
      wholeNumberTo(65_535),
    )
    .addOption(
      new Option(
        '--edition <name>',
        'standard: this data folder; enterprise: Kafka and Elasticsearch, see --config',
      ).choices(['standard', 'enterprise']),
    )
    .option(
      '--role <role>',
      'enterprise: archiver, search-api or signer; may be repeated (default: all of them)',
      (role: string, roles: readonly string[]) => [...roles, role],
      [],
    )
    .action(async (options: ServeCommandOptions) => {
      const config = context.config();
      const isEnterprise =
        (options.edition ?? (config.config === undefined ? 'standard' : 'enterprise')) === 'enterprise';
      if (isEnterprise && config.config === undefined)
        throw new HoldfastError('BadRequest', {
          detail: '--edition enterprise needs --config FILE; `holdfast init` makes one.',
        });
      if (!isEnterprise && options.role.length > 0)
        throw new HoldfastError('BadRequest', {
          detail: '--role is for the Enterprise Edition; the Standard Edition is one process.',
        });
      const { config: _, ...standard } = config;
      await context.serve(isEnterprise ? config : standard, {
        samples: options.samples === true,
        roles: options.role,
        port: options.port,
      });
    });
};

interface ServeCommandOptions {
  readonly samples?: boolean;
  readonly port?: number;
  readonly edition?: 'standard' | 'enterprise';
  readonly role: readonly string[];
}
