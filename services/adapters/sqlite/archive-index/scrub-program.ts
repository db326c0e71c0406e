import { closeSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { PagesToScrub } from './scrub-pages.ts';

/** First byte of a page, and the length of its header: interior pages of indexes and tables, then their leaves. */
const headerBytes = new Map([
  [2, 12],
  [5, 12],
  [10, 8],
  [13, 8],
]);
/** The file's own header stands before that of its first page. */
const fileHeaderBytes = 100;

/** The part of a page between its list of cells and the first cell: not in use. */
const unusedPart = (page: Buffer, at: number): { start: number; end: number } | undefined => {
  const header = at === 0 ? fileHeaderBytes : 0;
  const length = headerBytes.get(page.readUInt8(header));
  if (length === undefined) return undefined;
  const start = header + length + 2 * page.readUInt16BE(header + 3);
  const end = page.readUInt16BE(header + 5) || 65_536;
  return start < end && end <= page.length ? { start, end } : undefined;
};

const scrub = (handle: number, { pageBytes, offsets }: PagesToScrub): void => {
  const page = Buffer.alloc(pageBytes);
  for (const at of offsets) {
    readSync(handle, page, 0, pageBytes, at);
    const unused = unusedPart(page, at);
    if (unused === undefined || page.subarray(unused.start, unused.end).every((byte) => byte === 0)) continue;
    page.fill(0, unused.start, unused.end);
    writeSync(handle, page, unused.start, unused.end - unused.start, at + unused.start);
  }
};

const pages = JSON.parse(readFileSync(0, 'utf8')) as PagesToScrub;
const handle = openSync(pages.file, 'r+');
try {
  scrub(handle, pages);
  fsyncSync(handle);
} finally {
  closeSync(handle);
}
