import type { IndexDocument, IndexedVersion } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import { partSeparator } from '../analysis/special-tokens.ts';
import { canonicalItem, hashOfCanonical } from './canonical.ts';
import { isEdit } from './keys.ts';
import { sentMs, viewOf } from './version-view.ts';

/** Facts that arrived before any version: sorted by when the first of them was made. */
const firstFactMs = ({ deletion, reactions, receipts }: Item): number =>
  Math.min(
    ...[deletion, reactions?.[0], receipts?.[0]].flatMap((fact) =>
      fact === undefined ? [] : [Date.parse(fact.at)],
    ),
  );

const indexedVersion = (item: Item, version: Item['versions'][number]): IndexedVersion => {
  const view = viewOf(item, version);
  return {
    number: view.number,
    offset: version.offset,
    subject: view.subject.join(' '),
    body: view.body.join(' '),
    names: view.names.map((tokens) => tokens.join(' ')).join(` ${partSeparator} `),
    joined: view.joined.join(' '),
    keys: view.keys.join(' '),
    sent: view.sentMs,
    unread: view.unread,
  };
};

/** The item as an archive index takes it. Derived from the item alone: same item, same document. */
export const toIndexDocument = (item: Item): IndexDocument => {
  const canonical = canonicalItem(item);
  const first = item.versions[0];
  const sent = first === undefined ? firstFactMs(item) : sentMs(item, first);
  return {
    id: item.id,
    generation: item.generation,
    partition: item.partition,
    firstOffset: item.firstOffset,
    newestOffset: item.newestOffset,
    conversation: item.conversation.id,
    session: item.session,
    sent: Number.isFinite(sent) ? sent : 0,
    edits: item.versions.filter(isEdit).map((version) => sentMs(item, version)),
    ...(item.deletion === undefined ? {} : { deletedAt: Date.parse(item.deletion.at) }),
    itemHash: hashOfCanonical(canonical),
    item: canonical,
    versions: item.versions.map((version) => indexedVersion(item, version)),
  };
};
