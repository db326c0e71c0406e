import { z } from 'zod';
import { ConversationId, ItemId, SessionId, Sha256 } from '../ids.ts';
import { ItemKind } from './item.ts';

const tokens = (description: string) =>
  z.string().meta({ description, es: { type: 'text', analyzer: 'whitespace', norms: false } });
const millis = (description: string) => z.int().meta({ description, es: { type: 'long' } });

/** One version as engines see it: analysed tokens joined by one space. */
export const IndexedVersion = z
  .strictObject({
    number: z
      .int()
      .min(1)
      .meta({ es: { type: 'integer' } }),
    offset: z
      .int()
      .min(0)
      .meta({ es: { type: 'long' } }),
    subject: tokens('Tokens of the subject.'),
    body: tokens('Tokens of the body.'),
    names: tokens('Tokens of attachment names; a part separator between two names.'),
    joined: tokens('Joined forms of digit groups of all parts: single words only, never phrases.'),
    keys: tokens('Exact-match keys (people, kind, event, conversation …), see core/item/keys.ts.'),
    sent: millis('Milliseconds since 1970 by which the version is searched as sent.'),
    unread: z
      .boolean()
      .meta({ description: 'Some part of this version could not be read.', es: { type: 'boolean' } }),
  })
  .meta({ id: 'IndexedVersion', es: { type: 'nested' } });
export type IndexedVersion = z.infer<typeof IndexedVersion>;

/** An item as it is put into an archive index. Derived from the item alone. */
export const IndexDocument = z
  .strictObject({
    id: ItemId.meta({ es: { type: 'keyword' } }),
    generation: z
      .int()
      .min(1)
      .meta({ es: { type: 'integer' } }),
    partition: z
      .int()
      .min(0)
      .meta({ es: { type: 'integer' } }),
    firstOffset: z
      .int()
      .min(0)
      .meta({ es: { type: 'long' } }),
    newestOffset: z
      .int()
      .min(0)
      .meta({ es: { type: 'long' } }),
    conversation: ConversationId.meta({ es: { type: 'keyword' } }),
    session: SessionId.meta({ es: { type: 'keyword' } }),
    sent: millis('Sent of the first version: what results are sorted by.'),
    edits: z.array(millis('When a version after the first was made.')),
    deletedAt: millis('When it was marked deleted.').optional(),
    itemHash: Sha256.meta({ es: { type: 'keyword' } }),
    item: z.string().meta({
      description: 'The item, canonical JSON.',
      es: { type: 'keyword', index: false, doc_values: false },
    }),
    versions: z
      .array(IndexedVersion)
      .meta({ description: 'Empty like those of the item: such an item matches no query.' }),
  })
  .meta({ id: 'IndexDocument' });
export type IndexDocument = z.infer<typeof IndexDocument>;

/** What Elasticsearch is given: besides the document what hits are counted by, because its text fields cannot be. */
export const ElasticsearchDocument = IndexDocument.extend({
  kind: ItemKind.meta({ es: { type: 'keyword' } }),
  sender: z.string().meta({
    description:
      'Address of the author of the first version, or empty, as a JSON text: an address may hold half a character.',
    es: { type: 'keyword' },
  }),
}).meta({ id: 'ElasticsearchDocument' });
export type ElasticsearchDocument = z.infer<typeof ElasticsearchDocument>;
