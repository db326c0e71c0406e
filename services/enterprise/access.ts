import type { Finding } from '../../schemas/api/finding.ts';
import type { Config } from '../../schemas/config/config.ts';
import { type EnterpriseSettings, readEnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import { initEnterprise } from '../adapters/files/init-enterprise.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRandom } from '../adapters/system/random.ts';
import type { InitOptions as CliInitOptions, ServeOptions } from '../cli/command-context.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { OpenArchive, OpeningOptions } from '../cli/with-archive.ts';
import { HoldfastError } from '../core/errors.ts';
import { serveArchive } from '../standard/serve-archive.ts';
import { type EnterpriseEdition, openEnterprise, type Role, roles } from './compose.ts';
import { examine } from './doctor.ts';
import { roleArchive } from './role-archive.ts';

const settingsOf = ({ config }: Config): Promise<EnterpriseSettings> => {
  if (config !== undefined) return readEnterpriseSettings(config);
  throw new HoldfastError('InvalidConfig', {
    detail:
      'The Enterprise Edition needs a configuration: --config FILE, or HOLDFAST_CONFIG. `holdfast init` makes one.',
  });
};

const noticeOn =
  (terminal: Terminal) =>
  (text: string): void =>
    terminal.err(`warning: ${text}`);

/** The search API over the engines in this process, for a command; archivers run elsewhere. */
export const openHere = async (
  config: Config,
  { replaceDamagedIndex = false, asItLies = false }: OpeningOptions,
): Promise<OpenArchive> => {
  const settings = await settingsOf(config);
  const edition = await openEnterprise(settings, {
    roles: ['search-api'],
    notice: () => undefined,
    forRebuild: replaceDamagedIndex,
    asItIs: asItLies,
  });
  return { archive: archiveOf(edition), [Symbol.asyncDispose]: () => edition[Symbol.asyncDispose]() };
};

const archiveOf = ({ archive, status }: EnterpriseEdition) =>
  archive ??
  roleArchive(async () => {
    const { state, failure } = await status();
    return state === 'running'
      ? { ready: true }
      : { ready: false, reason: failure ?? `the archiver is ${state}` };
  });

/** One process with its roles until the signal aborts; everything is closed when this resolves. */
export const serve = async (config: Config, options: ServeOptions): Promise<void> => {
  const { terminal, roles: wanted } = options;
  const settings = await settingsOf(config);
  const { token } = settings;
  const { installation, logLevel, server } = settings.config;
  const own = wanted.length === 0 ? roles : wanted.map(roleNamed);
  await using edition = await openEnterprise(settings, { roles: own, notice: noticeOn(terminal) });
  const { log, ledger } = edition.engines;
  await serveArchive(
    {
      archive: archiveOf(edition),
      log,
      ledger,
      status: edition.status,
      token,
      logLevel,
      server: { ...server, isContained: server.host === '0.0.0.0' },
      announce: async (url) => {
        terminal.err(`Holdfast serves ${own.join(', ')} of installation ${installation} at ${url}`);
        return undefined;
      },
      ready: async () => undefined,
    },
    options,
  );
};

const roleNamed = (name: string): Role => {
  const role = roles.find((one) => one === name);
  if (role !== undefined) return role;
  throw new HoldfastError('BadRequest', {
    detail: `There is no role "${name}": expected ${roles.join(', ')}.`,
  });
};

export const init = (options: CliInitOptions): Promise<{ readonly installation: string }> =>
  initEnterprise({ ...options, random: systemRandom });

export const examineInstallation = ({ config }: Config): AsyncIterable<Finding> =>
  examine(config ?? '', systemClock);
