import { z } from 'zod';
import { HoldfastError } from '../core/errors.ts';

const Cursor = z.strictObject({
  after: z.string().max(512),
  offsets: z.array(z.int().min(0)).max(1024),
  now: z.iso.datetime(),
});

/** Where a page ended and at which vector the first page was answered. */
export type SearchCursor = z.infer<typeof Cursor>;

export const writeCursor = (
  cursor: Omit<SearchCursor, 'offsets'> & { readonly offsets: readonly number[] },
): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

export const readCursor = (text: string): SearchCursor => {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new HoldfastError(
      'BadRequest',
      { detail: '`after` is not a cursor: expected the `next` of an earlier answer, unchanged.' },
      { cause },
    );
  }
};
