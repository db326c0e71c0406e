import type { Command } from 'commander';
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
    .action(async (options: { samples?: boolean; port?: number }) => {
      const config = context.config();
      await context.serve(
        { ...config, port: options.port ?? config.port },
        { samples: options.samples === true },
      );
    });
};
