import { z } from 'zod';
import { Item } from '../archive/item.ts';
import { Certificate } from '../archive/ledger.ts';

export const maxQueryBytes = 64 * 1024;

export const TimeZone = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'IANA time zone by which days are understood.', examples: ['Asia/Seoul'] });

export const FacetName = z.enum(['kind', 'conversation', 'sender', 'day', 'week', 'month', 'terms']);
export type FacetName = z.infer<typeof FacetName>;

export const SearchRequest = z
  .strictObject({
    query: z
      .string()
      .max(maxQueryBytes)
      .meta({
        description: 'Query text, see docs: query language.',
        examples: ['sudo apt-get NEAR(5) upgrade'],
      }),
    timeZone: TimeZone.optional().meta({
      description: 'Default: the zone of the installation, named in the answer.',
    }),
    purpose: z.string().max(1024).optional().meta({ description: 'Why; kept in the audit stream.' }),
    limit: z.int().min(0).max(500).default(20),
    sort: z.enum(['sent', 'conversation']).default('sent'),
    after: z.string().max(1024).optional().meta({ description: 'Cursor of the page before.' }),
    facets: z.array(FacetName).max(7).optional(),
  })
  .meta({ id: 'SearchRequest' });
export type SearchRequest = z.infer<typeof SearchRequest>;

/** A text of 256 KiB has room for 131,072; the answer would be marks rather than text. */
export const maxHighlights = 1_000;

export const Highlight = z
  .strictObject({
    version: z.int().min(1),
    part: z.enum(['subject', 'body', 'name']),
    index: z.int().min(0).optional().meta({ description: 'Which attachment name.' }),
    offset: z.int().min(0).meta({ description: 'UTF-16 offset into the part.' }),
    length: z.int().min(1),
  })
  .meta({ id: 'Highlight' });
export type Highlight = z.infer<typeof Highlight>;

export const Hit = z
  .strictObject({
    item: Item,
    versions: z.array(z.int().min(1)).meta({ description: 'Versions that alone satisfy the query.' }),
    highlights: z
      .array(Highlight)
      .max(maxHighlights)
      .meta({
        description: `Places that made the versions match, in reading order: at most ${maxHighlights}, shared equally between the versions.`,
      }),
    moreHighlights: z
      .boolean()
      .optional()
      .meta({ description: 'True when more places match than are in `highlights`; else absent.' }),
  })
  .meta({ id: 'Hit' });
export type Hit = z.infer<typeof Hit>;

export const Warning = z
  .strictObject({
    code: z.string(),
    class: z.enum(['meaning', 'note']),
    message: z.string(),
    offset: z.int().min(0),
    length: z.int().min(0),
    otherReading: z.string().optional(),
    otherTotal: z.int().min(0).optional().meta({ description: 'Items the other reading finds.' }),
  })
  .meta({ id: 'Warning' });
export type Warning = z.infer<typeof Warning>;

export const Facet = z
  .strictObject({
    name: FacetName,
    values: z.array(z.strictObject({ value: z.string(), count: z.int().min(0) })),
    more: z.boolean().meta({ description: 'True when rarer values were left out.' }),
  })
  .meta({ id: 'Facet' });
export type Facet = z.infer<typeof Facet>;

export const SearchAnswer = z
  .strictObject({
    query: z.string(),
    echo: z.string().meta({ description: 'The query as understood, fully parenthesised.' }),
    timeZone: TimeZone,
    analyzerVersion: z.int().min(1),
    total: z.int().min(0).meta({ description: 'Exact number of items.' }),
    undetermined: z.int().min(0),
    hits: z.array(Hit),
    next: z.string().optional(),
    warnings: z.array(Warning),
    facets: z.array(Facet).optional(),
    certificate: Certificate,
  })
  .meta({ id: 'SearchAnswer' });
export type SearchAnswer = z.infer<typeof SearchAnswer>;

export const ItemAnswer = z.strictObject({ item: Item, certificate: Certificate }).meta({ id: 'ItemAnswer' });
export type ItemAnswer = z.infer<typeof ItemAnswer>;

export const ConversationRequest = z
  .strictObject({
    session: z.string().max(256).optional(),
    around: z.string().max(256).optional().meta({ description: 'Item id in the middle of the page.' }),
    from: z.coerce.number().int().min(0).optional().meta({ description: 'First offset, inclusive.' }),
    before: z.coerce.number().int().min(0).optional().meta({ description: 'End offset, exclusive.' }),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  })
  .meta({ id: 'ConversationRequest' });
export type ConversationRequest = z.infer<typeof ConversationRequest>;

export const ConversationAnswer = z
  .strictObject({
    conversation: z.string(),
    items: z.array(Item).meta({ description: 'In order of position, system items included.' }),
    hasBefore: z.boolean(),
    hasAfter: z.boolean(),
    certificate: Certificate,
  })
  .meta({ id: 'ConversationAnswer' });
export type ConversationAnswer = z.infer<typeof ConversationAnswer>;
