import type { Bookmark, LedgerView } from '../../ports/ledger-view.ts';
import { MemoryLedger } from './ledger.ts';

/** A copy of a ledger that lasts as long as the object. */
export class MemoryLedgerView extends MemoryLedger implements LedgerView {
  readonly #bookmarks = new Map<string, Bookmark>();

  async bookmark(stream: string): Promise<Bookmark | undefined> {
    return this.#bookmarks.get(stream);
  }

  async setBookmark(stream: string, bookmark: Bookmark): Promise<void> {
    this.#bookmarks.set(stream, bookmark);
  }

  async clear(): Promise<void> {
    this.forget();
    this.#bookmarks.clear();
  }
}
