import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import { toStored } from '../../../services/adapters/elasticsearch/stored-document.ts';
import type { Dice } from '../../support/dice.ts';
import { ask } from '../../support/elasticsearch-index.ts';
import { type Change, namesItem, says } from './change.ts';
import type { DocumentChange, DocumentStore } from './document-changes.ts';

interface Stored {
  readonly _id: string;
  readonly _index: string;
  readonly _routing: string;
  readonly _source: Record<string, unknown>;
}

interface Target {
  readonly url: string;
  /** The alias that is read. */
  readonly read: string;
  readonly document: Stored;
  readonly chance: Dice;
}

type Made = Change & { readonly undo: (target: Target) => Promise<void> };
type Kind = (target: Target) => Promise<Made>;

const pathOf = ({ document }: Target, id = document._id): string =>
  `/${document._index}/_doc/${encodeURIComponent(id)}?routing=${encodeURIComponent(document._routing)}&refresh=true`;

const put = async (target: Target, source: object, id?: string): Promise<void> => {
  await ask(target.url, ['PUT', pathOf(target, id)], source);
};
const putBack = (target: Target): Promise<void> => put(target, target.document._source);

const field =
  (name: string, other: (value: unknown, chance: Dice) => unknown): Kind =>
  async (target) => {
    const { _source: source } = target.document;
    await put(target, { ...source, [name]: other(source[name], target.chance) });
    return { what: `its ${name} changed`, undo: putBack };
  };

const version =
  (name: string, other: (value: unknown) => unknown): Kind =>
  async (target) => {
    const versions = target.document._source.versions as Record<string, unknown>[];
    if (versions.length === 0) return kinds[0]!(target);
    const [first, ...rest] = versions;
    await put(target, {
      ...target.document._source,
      versions: [{ ...first, [name]: other(first![name]) }, ...rest],
    });
    return { what: `${name} of its first version changed`, undo: putBack };
  };

const settings =
  (name: string, changed: unknown, before: unknown): Kind =>
  async ({ url, document: { _index } }) => {
    await ask(url, ['PUT', `/${_index}/_settings`], { [name]: changed });
    return {
      what: `setting ${name} of the index changed`,
      isNamedBy: says(new RegExp(name.replace('.', '\\.'))),
      undo: async () => void (await ask(url, ['PUT', `/${_index}/_settings`], { [name]: before })),
    };
  };

const aliases =
  (what: string, action: (target: Target) => object, undone: (target: Target) => object): Kind =>
  async (target) => {
    await ask(target.url, ['POST', '/_aliases'], { actions: [action(target)] });
    return {
      what,
      isNamedBy: says(/missing|alias|index/),
      undo: async (one) => void (await ask(one.url, ['POST', '/_aliases'], { actions: [undone(one)] })),
    };
  };

const plain = ({ read: alias, document: { _index: index } }: Target) => ({ add: { index, alias } });

const kinds: readonly Kind[] = [
  async (target) => {
    await ask(target.url, ['DELETE', pathOf(target)]);
    return { what: 'deleted', undo: putBack };
  },
  field('item', (json) => String(json).replace('"body":"', '"body":"not ')),
  field('sent', (sent) => Number(sent) - 1),
  field('sender', () => 'someone-else'),
  field('kind', (kind) => (kind === 'im' ? 'meeting' : 'im')),
  field('conversation', () => 'elsewhere'),
  field('firstOffset', (offset) => Number(offset) + 1),
  field('newestOffset', (offset) => Number(offset) + 3),
  field('partition', () => 7),
  field('itemHash', (_, chance) => chance.hex(32)),
  field('versions', (versions) => (versions as unknown[]).slice(0, -1)),
  version('body', (body) => `${body} hidden`),
  version('keys', (keys) => `${keys} hidden`),
  version('sent', (sent) => Number(sent) + 1),
  version('unread', (unread) => unread !== true),
  async (target) => {
    const id = `forged-${target.chance.hex(4)}`;
    await put(target, { ...target.document._source, id }, id);
    return {
      what: `a copy under the id ${id}`,
      isNamedBy: namesItem(id),
      undo: async (one) => void (await ask(one.url, ['DELETE', pathOf(one, id)])),
    };
  },
  settings('index.translog.durability', 'async', 'request'),
  settings('index.refresh_interval', '1s', '-1'),
  aliases(
    'a filter on the alias that hides it',
    (target) => ({
      add: { ...plain(target).add, filter: { bool: { must_not: { term: { id: target.document._id } } } } },
    }),
    plain,
  ),
];

/** Changes a document, or what the index says of itself, through the API of Elasticsearch. */
export const changeElasticsearch = async (
  url: string,
  read: string,
  chance: Dice,
): Promise<DocumentChange> => {
  await ask(url, ['POST', `/${read}/_refresh`]);
  const found = await ask(url, ['GET', `/${read}/_search?size=500&sort=id`]);
  const { hits } = found.hits as { hits: Stored[] };
  const target = { url, read, chance, document: chance.pick(hits) };
  const { undo, ...change } = await chance.pick(kinds)(target);
  return {
    isNamedBy: namesItem(target.document._id),
    ...change,
    what: `item ${target.document._id} in Elasticsearch: ${change.what}`,
    restore: async () => {
      await undo(target);
      await ask(url, ['POST', `/${read}/_refresh`]);
    },
  };
};

/** Writes to Elasticsearch itself: a version or an owner does not matter there. */
export const elasticsearchStore = (url: string, write: string): DocumentStore => {
  const pathFor = ({ id, conversation }: IndexDocument): string =>
    `/${write}/_doc/${encodeURIComponent(id)}?routing=${encodeURIComponent(conversation)}&refresh=true`;
  return {
    remove: async (document) => void (await ask(url, ['DELETE', pathFor(document)])),
    write: async (document) => void (await ask(url, ['PUT', pathFor(document)], toStored(document))),
  };
};
