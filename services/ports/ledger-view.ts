import type { Ledger } from './ledger.ts';

/** How far a stream of proposals was applied. */
export interface Bookmark {
  /** Offset of the first record that was not applied. */
  readonly next: number;
  /** SHA-256, hex, of the last one that was: a stream that says otherwise there is another stream. */
  readonly lastHash: string;
}

/**
 * One process's own copy of a ledger, made by proposing to it what a stream holds, in the order of the stream: so every
 * copy judges alike. Disposable; nothing is lost with it.
 *
 * Promises: proposing again what was proposed before changes nothing, so a bookmark may be older than what was applied.
 */
export interface LedgerView extends Omit<Ledger, 'appendHead' | 'heads' | 'findHead'> {
  bookmark(stream: string): Promise<Bookmark | undefined>;
  setBookmark(stream: string, bookmark: Bookmark): Promise<void>;
  /** Forgets everything: the copy was made from another stream. */
  clear(): Promise<void>;
}
