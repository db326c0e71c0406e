import type { Config } from '../../schemas/config/config.ts';
import { HoldfastError, isHoldfastError } from '../core/errors.ts';
import type { Archive } from '../search-api/archive.ts';
import type { Terminal } from './terminal.ts';

export interface OpeningOptions {
  /** Where there is no data folder, make one. */
  readonly create: boolean;
  /** Put an empty index in the place of a damaged one; the archiver fills it from the log. */
  readonly replaceDamagedIndex?: boolean;
  /** Archive and sign nothing: what is looked at is what lies there, not what an archiver would make good first. */
  readonly asItLies?: boolean;
}

export interface OpenArchive extends AsyncDisposable {
  readonly archive: Archive;
}

/** How a command reaches an archive; the composition is given, so that commands name no adapter. */
export interface ArchiveAccess {
  /** Opens the data folder in this process; `DataFolderLocked` names the server that holds it. */
  openHere(config: Config, options: OpeningOptions & { terminal: Terminal }): Promise<OpenArchive>;
  connect(options: { url: string; token?: string }): Promise<OpenArchive>;
  /** URL and token of the server that holds a data folder. */
  serverOf(config: Config): Promise<{ url: string; token: string } | undefined>;
}

/** A server if one was named or holds the data folder, else the same composition in this process. */
export const openArchive = async (
  access: ArchiveAccess,
  config: Config,
  options: OpeningOptions & { terminal: Terminal },
): Promise<OpenArchive> => {
  if (config.url !== undefined) {
    return access.connect({
      url: config.url,
      ...(config.token === undefined ? {} : { token: config.token }),
    });
  }
  try {
    return await access.openHere(config, options);
  } catch (error) {
    if (isHoldfastError(error, 'NotFound')) {
      const action = 'Name one with --data, or make one with `holdfast import` or `holdfast serve`.';
      throw new HoldfastError('NotFound', { ...error.details, action }, { cause: error });
    }
    if (!isHoldfastError(error, 'DataFolderLocked')) throw error;
    const server = await access.serverOf(config);
    if (server === undefined) throw error;
    options.terminal.err(`using the server at ${server.url}, which holds ${config.data}`);
    return access.connect(server);
  }
};

export const requireText = (value: string | undefined, what: string): string => {
  if (value === undefined || value === '')
    throw new HoldfastError('BadRequest', { detail: `Expected ${what}.` });
  return value;
};
