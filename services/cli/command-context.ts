import type { Config } from '../../schemas/config/config.ts';
import type { Archive, Caller } from '../search-api/archive.ts';
import type { ImportContext } from './run-import.ts';
import type { Terminal } from './terminal.ts';
import type { ArchiveAccess, OpeningOptions } from './with-archive.ts';

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
  readonly serve: (config: Config, options: { samples: boolean }) => Promise<void>;
  /** Opens an archive, runs the work, closes it. */
  readonly withArchive: (
    work: (archive: Archive) => Promise<number>,
    options?: OpeningOptions,
  ) => Promise<void>;
}
