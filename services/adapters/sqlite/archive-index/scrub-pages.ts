import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HoldfastError } from '../../../core/errors.ts';
import type { IndexConnection } from './index-connection.ts';

/**
 * `secure_delete` zeroes what is deleted, but when SQLite moves rows between pages it leaves their old bytes in the
 * unused middle of the page, where no later deletion reaches them. So that middle is zeroed here, page by page. The
 * file must be quiet: nothing in the write-ahead log, and no connection that could write a page it remembers.
 */
export interface PagesToScrub {
  readonly file: string;
  readonly pageBytes: number;
  /** Where each page of a table or index begins; overflow and free pages are zeroed by `secure_delete` alone. */
  readonly offsets: readonly number[];
}

export const treePagesOf = ({ db, file }: IndexConnection): PagesToScrub => ({
  file,
  pageBytes: Number(db.prepare('PRAGMA page_size').get()?.page_size),
  offsets: db
    .prepare("SELECT pgoffset AS at FROM dbstat WHERE pagetype IN ('leaf', 'internal') ORDER BY at")
    .all()
    .map(({ at }) => Number(at)),
});

/** In a process of its own: closing the file here would drop the locks SQLite holds on it for this process. */
export const scrubPages = (pages: PagesToScrub): void => {
  const program = fileURLToPath(new URL('./scrub-program.ts', import.meta.url));
  const input = JSON.stringify(pages);
  try {
    execFileSync(process.execPath, [program], { input, stdio: ['pipe', 'ignore', 'pipe'] });
  } catch (error) {
    const detail = `What was removed may have left bytes in unused parts of ${pages.file}; remove it again.`;
    throw new HoldfastError('IndexUnavailable', { detail }, { cause: error });
  }
};
