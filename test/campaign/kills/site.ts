import type { KeyObject } from 'node:crypto';
import type { ArchiveIndex } from '../../../services/ports/archive-index.ts';
import type { EventLog } from '../../../services/ports/event-log.ts';
import type { Ledger } from '../../../services/ports/ledger.ts';

/** What a checker reads, through connections of its own. */
export interface SitePorts extends AsyncDisposable {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
}

/** An installation whose processes are killed one after the other. */
export interface Site extends AsyncDisposable {
  readonly edition: 'standard' | 'enterprise';
  /** The program that serves it, and its arguments around the kill. */
  readonly child: { readonly script: string; readonly before: string; readonly after: readonly string[] };
  readonly installation: string;
  publicKey(): Promise<KeyObject>;
  /** To read while a process serves it. */
  open(): Promise<SitePorts>;
  /** To write to the log while no process serves it. */
  withLog<T>(work: (log: EventLog) => Promise<T>): Promise<T>;
  /** Every id the engine itself has, sorted; one it has twice is there twice. */
  engineIds(): Promise<readonly string[]>;
  /** What a dead process left and no living one has any use for. */
  leftovers(): Promise<readonly string[]>;
  /** The engine refuses new items until it is mended. */
  breakIndex(): Promise<void>;
  mendIndex(): Promise<void>;
}
