import type { Finding } from '../../schemas/api/finding.ts';
import type { Config } from '../../schemas/config/config.ts';
import type { Archive, Caller } from '../search-api/archive.ts';
import type { ImportContext } from './run-import.ts';
import type { Terminal } from './terminal.ts';
import type { ArchiveAccess, OpeningOptions } from './with-archive.ts';

export interface ServeOptions {
  readonly samples: boolean;
  /** What this process does in the Enterprise Edition; empty = everything. */
  readonly roles: readonly string[];
  /** Instead of the port configured. */
  readonly port?: number | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export interface InitOptions {
  readonly path: string;
  readonly profile: 'production' | 'development';
  readonly kafka: readonly string[];
  readonly elasticsearch: readonly string[];
}

/** What every command gets. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly access: ArchiveAccess;
  /** Files, clock and randomness for imports. */
  readonly sources: ImportContext['sources'];
  /** Environment and global options together. */
  readonly config: () => Config;
  readonly caller: () => Caller;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Starts the server and resolves when the signal aborted and everything is closed. */
  readonly serve: (
    config: Config,
    options: Pick<ServeOptions, 'samples' | 'roles' | 'port'>,
  ) => Promise<void>;
  readonly init: (options: InitOptions) => Promise<{ readonly installation: string }>;
  readonly examine: (config: Config) => AsyncIterable<Finding>;
  readonly exitWith: (code: number) => void;
  /** Opens an archive, runs the work, closes it. */
  readonly withArchive: (
    work: (archive: Archive) => Promise<number>,
    options?: OpeningOptions,
  ) => Promise<void>;
}
