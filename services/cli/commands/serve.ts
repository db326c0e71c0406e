import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';

export const addServeCommand = (program: Command, context: CommandContext): void => {
  program
    .command('serve')
    .description('serve page and API on this machine until Ctrl-C')
    .option('--samples', 'import the sample conversations first, once')
    .option('--port <n>', 'port to bind to; 0 = any free one')
    .action(async (options: { samples?: boolean; port?: string }) => {
      const config = context.config();
      const port = options.port === undefined ? config.port : Number(options.port);
      await context.serve({ ...config, port }, { samples: options.samples === true });
    });
};
