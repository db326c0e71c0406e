import { HoldfastError } from '../../../../core/errors.ts';
import type { Page } from '../../../../ports/archive-index.ts';

/** Where an item stands in the order of results; `place` is unique. */
export type SortKey =
  | { readonly sort: 'sent'; readonly sent: number; readonly place: number }
  | { readonly sort: 'conversation'; readonly conversation: string; readonly place: number };

export const writeCursor = (key: SortKey): string => {
  const first = key.sort === 'sent' ? key.sent : key.conversation;
  return Buffer.from(JSON.stringify([key.sort, first, key.place])).toString('base64url');
};

export const readCursor = (after: string, sort: Page['sort']): SortKey => {
  const [made, first, place] = parse(after);
  if (made === sort && typeof place === 'number') {
    if (sort === 'sent' && typeof first === 'number') return { sort, sent: first, place };
    if (sort === 'conversation' && typeof first === 'string') return { sort, conversation: first, place };
  }
  throw new HoldfastError('BadRequest', {
    detail: `The cursor "${after.slice(0, 100)}" is not one of a page sorted by ${sort}.`,
  });
};

const parse = (after: string): readonly unknown[] => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(after, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
};

/** Newest first, or by conversation in the order of code points; then by place. As SQL sorts them. */
export const compareKeys = (a: SortKey, b: SortKey): number => {
  const first =
    a.sort === 'sent' && b.sort === 'sent'
      ? b.sent - a.sent
      : Buffer.compare(Buffer.from(conversationOf(a)), Buffer.from(conversationOf(b)));
  return first === 0 ? a.place - b.place : first;
};

const conversationOf = (key: SortKey): string => (key.sort === 'conversation' ? key.conversation : '');
