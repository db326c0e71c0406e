import type { Command } from 'commander';
import type { Finding } from '../../../schemas/api/finding.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

const marks: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  fault: 'FAULT  ',
};

export const addDoctorCommand = (program: Command, context: CommandContext): void => {
  program
    .command('doctor')
    .description('check an Enterprise Edition installation: engines, settings, disk, clock; say what to fix')
    .option('--json', 'one finding a line, as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const config = context.config();
      if (config.config === undefined)
        throw new HoldfastError('BadRequest', {
          detail: 'doctor needs --config FILE; `holdfast verify` checks a data folder.',
        });
      const { terminal } = context;
      let faults = 0;
      for await (const finding of context.examine(config)) {
        if (finding.state === 'fault') faults += 1;
        if (json) terminal.out(JSON.stringify(finding));
        else for (const line of linesOf(finding)) terminal.out(line);
      }
      if (faults > 0)
        terminal.err(faults === 1 ? 'One thing must be put right.' : `${faults} things must be put right.`);
      context.exitWith(faults > 0 ? exitCodes.failed : exitCodes.done);
    });
};

const linesOf = ({ state, area, found, fix }: Finding): string[] => {
  const [first = '', ...rest] = found.split('\n');
  return [
    `${marks[state]}  ${area}: ${first}`,
    ...[...rest, ...(fix === undefined ? [] : [`→ ${fix}`])].map((line) => `           ${line}`),
  ];
};
