import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import { toIndexDocument } from '../../../services/core/item/index-document.ts';
import type { ArchiveIndex } from '../../../services/ports/archive-index.ts';
import type { Dice } from '../../support/dice.ts';
import { type Change, namesItem } from './change.ts';

interface Replacement {
  readonly what: string;
  readonly becomes: readonly IndexDocument[];
}

type Replace = (seen: IndexDocument, chance: Dice) => Replacement | undefined;

/** A document that is consistent in itself: its hash, its words and its sort fields follow from its item. */
const forged = (seen: IndexDocument, change: (item: Item) => Partial<Item>): IndexDocument => {
  const item = JSON.parse(seen.item) as Item;
  return toIndexDocument({ ...item, ...change(item) });
};

const otherWords: Replace = (seen) => {
  const item = JSON.parse(seen.item) as Item;
  if (item.versions[0] === undefined) return undefined;
  const [first, ...rest] = item.versions;
  const versions = [{ ...first, body: `${first.body ?? ''} never said` }, ...rest];
  return { what: 'said something else', becomes: [forged(seen, () => ({ versions }) as Partial<Item>)] };
};

const otherTokens: Replace = (seen, chance) => {
  const [first, ...rest] = seen.versions;
  if (first === undefined) return undefined;
  const field = chance.pick(['body', 'names', 'keys', 'subject', 'joined'] as const);
  const versions = [{ ...first, [field]: `${first[field]} hidden`.trim() }, ...rest];
  return { what: `other indexed ${field}, its item as it was`, becomes: [{ ...seen, versions }] };
};

const otherSortField: Replace = (seen, chance) => {
  const field = chance.pick([
    'sent',
    'newestOffset',
    'conversation',
    'session',
    'deletedAt',
    'edits',
  ] as const);
  const changed: Record<typeof field, unknown> = {
    sent: seen.sent + 1000,
    newestOffset: seen.newestOffset + 1,
    conversation: `${seen.conversation}-b`,
    session: `${seen.session}-b`,
    deletedAt: (seen.deletedAt ?? 1_700_000_000_000) + 1,
    edits: [...seen.edits, 1_700_000_000_000],
  };
  return { what: `another ${field}`, becomes: [{ ...seen, [field]: changed[field] } as IndexDocument] };
};

const otherConversation: Replace = (seen) => ({
  what: 'moved to another conversation, consistently',
  becomes: [
    forged(seen, ({ conversation }) => ({
      conversation: { ...conversation, id: 'elsewhere' } as Item['conversation'],
    })),
  ],
});

const undeleted: Replace = (seen) => {
  const { deletion: _, ...item } = JSON.parse(seen.item) as Item;
  if (seen.deletedAt === undefined) return undefined;
  return { what: 'its deletion taken back', becomes: [toIndexDocument(item)] };
};

const lostLater: Replace = (seen) => {
  const item = JSON.parse(seen.item) as Item;
  if (item.versions.length < 2) return undefined;
  const versions = item.versions.slice(0, -1);
  return { what: 'its newest version taken away', becomes: [forged(seen, () => ({ versions }))] };
};

const otherHash: Replace = (seen, chance) => ({
  what: 'another hash',
  becomes: [{ ...seen, itemHash: chance.hex(32) } as IndexDocument],
});

const otherTime: Replace = (seen) => {
  const item = JSON.parse(seen.item) as Item;
  const [first, ...rest] = item.versions;
  if (first === undefined) return undefined;
  const loggedAt = new Date(Date.parse(first.loggedAt) - 60_000).toISOString();
  const versions = [{ ...first, loggedAt }, ...rest] as Item['versions'];
  return { what: 'logged at another time, consistently', becomes: [forged(seen, () => ({ versions }))] };
};

const gone: Replace = () => ({ what: 'taken out', becomes: [] });

const otherPartition: Replace = (seen) => {
  const partition = seen.partition === 0 ? 1 : 0;
  return { what: `moved to partition ${partition}`, becomes: [forged(seen, () => ({ partition }))] };
};

const neverLogged =
  (what: string, placeOf: (seen: IndexDocument) => Partial<Item>): Replace =>
  (seen, chance) => {
    const id = `forged-${chance.hex(4)}` as ItemId;
    return {
      what: `a copy never logged, ${what}`,
      becomes: [seen, forged(seen, () => ({ ...placeOf(seen), id }))],
    };
  };

const replacements: readonly Replace[] = [
  otherWords,
  otherWords,
  otherTokens,
  otherSortField,
  otherSortField,
  otherConversation,
  undeleted,
  lostLater,
  otherHash,
  otherTime,
  gone,
  gone,
  otherPartition,
  neverLogged('beyond the end', () => ({ firstOffset: 10_000, newestOffset: 10_000, ordinal: 10_000 })),
  neverLogged('in a partition there is not', () => ({ partition: 9 })),
  neverLogged('at the place of a later event', ({ newestOffset }) => ({
    firstOffset: newestOffset + 1,
    newestOffset: newestOffset + 1,
    ordinal: newestOffset + 1,
  })),
];

/** Takes back what a change did. */
type Restore = () => Promise<void>;

export interface DocumentChange extends Change {
  readonly restore: Restore;
}

/** Replaces, adds or removes a document through the index itself, as a program with the right to write would. */
export const changeDocument = async (
  index: ArchiveIndex,
  { partitions, store = storeOf(index) }: { readonly partitions: number; readonly store?: DocumentStore },
  chance: Dice,
): Promise<DocumentChange> => {
  for (;;) {
    const partition = chance.below(partitions);
    const documents = await index.scan(partition, 0, 500);
    const { document } = chance.pick(documents);
    const replacement = chance.pick(replacements)(document, chance);
    if (replacement === undefined) continue;
    const { what, becomes } = replacement;
    await replace(store, [document], becomes);
    await index.refresh();
    return {
      what: `item ${document.id} in the index: ${what}`,
      isNamedBy: (difference) =>
        namesItem(document.id, ...becomes.map(({ id }) => id))(difference) ||
        // Where no partition is, only their number is known.
        (what.includes('there is not') && /partitions that the log does not have/.test(difference.what)),
      restore: async () => {
        await replace(store, becomes, [document]);
        await index.refresh();
      },
    };
  }
};

/** Where documents can be written and taken away as they are, past what the index would allow its callers. */
export interface DocumentStore {
  remove(document: IndexDocument): Promise<void>;
  write(document: IndexDocument, seen: IndexDocument | undefined): Promise<void>;
}

export const storeOf = (index: ArchiveIndex): DocumentStore => ({
  remove: ({ id }) => index.remove([id]),
  write: async (document, seen) => {
    if (seen === undefined) await index.put([document]);
    else if (!(await index.correct([{ seen, becomes: document }]))[0])
      throw new Error(`${document.id} was not corrected`);
  },
});

const replace = async (
  store: DocumentStore,
  from: readonly IndexDocument[],
  to: readonly IndexDocument[],
): Promise<void> => {
  const isSame = (one: IndexDocument) => (other: IndexDocument) =>
    one.id === other.id && one.partition === other.partition && one.firstOffset === other.firstOffset;
  for (const document of from) if (!to.some(isSame(document))) await store.remove(document);
  for (const document of to) {
    const seen = from.find(isSame(document));
    if (seen !== document) await store.write(document, seen);
  }
};
