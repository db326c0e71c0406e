import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { Config } from '../../schemas/config/config.ts';
import { describeConfig, readConfig } from '../core/read-config.ts';
import * as standard from '../standard/access.ts';
import { sources } from '../standard/serve-archive.ts';
import type { CommandContext } from './command-context.ts';
import { addCoverageCommand } from './commands/coverage.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addImportCommand } from './commands/import.ts';
import { addInitCommand } from './commands/init.ts';
import { addQuarantineCommand } from './commands/quarantine.ts';
import { addRebuildIndexCommand } from './commands/rebuild-index.ts';
import { addScopeCommand } from './commands/scope.ts';
import { addSearchCommand } from './commands/search.ts';
import { addServeCommand } from './commands/serve.ts';
import { addShowCommand } from './commands/show.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { flushed, printError, processTerminal, type Terminal } from './terminal.ts';
import { type ArchiveAccess, openArchive } from './with-archive.ts';

const epilogue = `
Examples:
  holdfast import ~/logs/#ubuntu            archive a folder of IRC day files
  holdfast search 'sudo apt-get NEAR(5) upgrade'
  holdfast search 'from:ann budget sent>=2024-01-01' --time-zone Asia/Seoul --json
  holdfast verify                           recompute everything and compare

Exit codes: 0 done · 1 failed · 2 wrong usage or a refused query · 3 verify found a difference
            4 the data folder is in use · 130 interrupted
Settings are read from HOLDFAST_<NAME> in the environment; holdfast --check-config lists them.`;

const packageVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

interface GlobalOptions {
  readonly data?: string;
  readonly url?: string;
  readonly config?: string;
  readonly purpose?: string;
}

/** Runs one command line; resolves with the exit code. */
export const runCli = async (words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const interrupt = new AbortController();
  let outputFault: NodeJS.ErrnoException | undefined;
  const terminal = processTerminal((fault) => {
    outputFault = fault;
    interrupt.abort();
  });
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  let exitCode: number = exitCodes.done;
  const program = new Command('holdfast')
    .description('Compliance archive and search for instant messaging and mail.')
    .version(packageVersion())
    .option('--data <folder>', 'data folder (default ./data)')
    .option('--url <url>', 'speak to this server instead of opening a data folder')
    .option(
      '--config <file>',
      'installation of the Enterprise Edition to work with, instead of a data folder',
    )
    .option('--purpose <text>', 'why; kept in the audit stream')
    .option('--check-config', 'print the settings as they would apply, and stop')
    .addHelpText('after', epilogue)
    .showHelpAfterError('(try holdfast --help)')
    .exitOverride()
    .argument('[command]')
    .usage('[options] <command>')
    .allowExcessArguments()
    .action((name: string | undefined, options: { checkConfig?: boolean }, command: Command) => {
      if (name !== undefined) command.error(`error: unknown command '${name}'`);
      else if (options.checkConfig === true)
        for (const line of describeConfig(context.config())) terminal.out(line);
      else command.help({ error: true });
    });
  const context = createContext(program, {
    terminal,
    environment,
    signal: interrupt.signal,
    exitWith: (code) => (exitCode = code),
  });
  for (const add of commands) add(program, context);
  try {
    await program.parseAsync([...words], { from: 'user' });
    await flushed();
    return outputFault === undefined ? exitCode : exitCodeOfOutput(terminal, outputFault);
  } catch (error) {
    if (outputFault !== undefined) return exitCodeOfOutput(terminal, outputFault);
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    printError(terminal, error);
    return exitCodeOf(error);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
};

/** Whoever stopped reading, as `head` does, has interrupted us and knows it. */
const exitCodeOfOutput = (terminal: Terminal, fault: NodeJS.ErrnoException): number => {
  if (fault.code === 'EPIPE') return exitCodes.interrupted;
  terminal.err(`holdfast: the results could not be written: ${fault.message}`);
  return exitCodes.failed;
};

const commands = [
  addServeCommand,
  addImportCommand,
  addSearchCommand,
  addShowCommand,
  addCoverageCommand,
  addQuarantineCommand,
  addScopeCommand,
  addVerifyCommand,
  addRebuildIndexCommand,
  addInitCommand,
  addDoctorCommand,
];

/** Each edition is loaded when it is used: commands of the other need none of its packages. */
const access: ArchiveAccess = {
  ...standard.access,
  openHere: async (config, options) =>
    config.config === undefined
      ? standard.access.openHere(config, options)
      : (await import('../enterprise/access.ts')).openHere(config, options),
};

interface Surroundings {
  readonly terminal: CommandContext['terminal'];
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly exitWith: (code: number) => void;
}

const createContext = (
  program: Command,
  { terminal, environment, signal, exitWith }: Surroundings,
): CommandContext => {
  const options = (): GlobalOptions => program.opts<GlobalOptions>();
  const config = (): Config => {
    const { data, url, config: file } = options();
    return readConfig({
      ...environment,
      ...(data === undefined ? {} : { HOLDFAST_DATA: data }),
      ...(url === undefined ? {} : { HOLDFAST_URL: url }),
      ...(file === undefined ? {} : { HOLDFAST_CONFIG: file }),
    });
  };
  return {
    terminal,
    access,
    sources,
    config,
    caller: () => ({ actor: { id: 'local-operator' }, purpose: options().purpose ?? '' }),
    signal,
    serve: async (given, wanted) => {
      const edition = given.config === undefined ? standard : await import('../enterprise/access.ts');
      await edition.serve(given, { ...wanted, terminal, signal });
    },
    init: async (wanted) => (await import('../enterprise/access.ts')).init(wanted),
    examine: async function* (given) {
      yield* (await import('../enterprise/access.ts')).examineInstallation(given);
    },
    exitWith,
    withArchive: async (work, options = { create: false }) => {
      await using open = await openArchive(access, config(), { ...options, terminal });
      exitWith(await work(open.archive));
    },
  };
};
