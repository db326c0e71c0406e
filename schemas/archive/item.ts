import { z } from 'zod';
import { ConversationKind, FileReference, Origin } from '../events/im-event.ts';
import { Participant, Roster } from '../events/participant.ts';
import { ConversationId, EventId, Instant, ItemId, PersonId, SessionId } from '../ids.ts';

const Offset = z.int().min(0).meta({ description: 'Offset in the partition.' });

export const ItemKind = z.enum(['im', 'room', 'meeting', 'call', 'mail', 'calendar', 'file']);
export type ItemKind = z.infer<typeof ItemKind>;

/** What an item records: a message (also a lone file), or a system fact without text. */
export const ItemEvent = z.enum([
  'message',
  'start',
  'end',
  'escalate',
  'invite',
  'join',
  'leave',
  'remove',
  'rename',
  'create',
  'topic',
  'mode',
]);
export type ItemEvent = z.infer<typeof ItemEvent>;

/** One version of an item. A query is evaluated against one version at a time. */
export const Version = z
  .strictObject({
    number: z.int().min(1).meta({ description: '1 is the original; an edit adds the next.' }),
    eventId: EventId,
    offset: Offset,
    sentAt: Instant.meta({ description: 'Claimed by the client or source.' }),
    acceptedAt: Instant,
    loggedAt: Instant.meta({ description: 'When the log took it; monotone in a partition.' }),
    author: Participant,
    roster: Roster,
    subject: z.string().optional(),
    body: z.string().optional().meta({ description: 'Absent for system items and lone files.' }),
    attachments: z.array(FileReference).optional(),
  })
  .meta({ id: 'Version' });
export type Version = z.infer<typeof Version>;

const fact = { eventId: EventId, offset: Offset, by: Participant, at: Instant };

/** A message, mail or lone file with all its facts: the unit of counting, holding, disposition and export. */
export const Item = z
  .strictObject({
    id: ItemId,
    generation: z.int().min(1),
    partition: z.int().min(0),
    firstOffset: Offset,
    newestOffset: Offset.meta({
      description: 'Offset of the newest fact; the version under which the item is written.',
    }),
    kind: ItemKind,
    event: ItemEvent,
    conversation: z.strictObject({ id: ConversationId, kind: ConversationKind, name: z.string().optional() }),
    session: SessionId,
    ordinal: Offset.meta({ description: 'Order in the session: the first offset.' }),
    direction: z
      .enum(['internal', 'external'])
      .meta({ description: 'By who took part when it was first sent.' }),
    versions: z.array(Version).meta({
      description: 'By number. Empty while facts arrived but neither the original nor an edit has.',
    }),
    action: z.literal(true).optional(),
    notice: z.literal(true).optional(),
    importance: z.enum(['low', 'normal', 'high']).optional(),
    mentions: z.array(PersonId).optional(),
    replyTo: ItemId.optional(),
    detail: z
      .string()
      .optional()
      .meta({ description: 'Topic, mode, reason or new name of a system item; not searched as text.' }),
    subjectPerson: Participant.optional().meta({
      description: 'The person a system item is about (invited, removed, renamed).',
    }),
    deletion: z.strictObject({ ...fact, reason: z.string().optional() }).optional(),
    reactions: z
      .array(z.strictObject({ ...fact, reaction: z.string(), removed: z.literal(true).optional() }))
      .optional()
      .meta({ description: 'Added and removed reactions, in log order.' }),
    receipts: z.array(z.strictObject({ ...fact, kind: z.enum(['delivered', 'read']) })).optional(),
    origin: Origin.optional(),
    importId: z.string().optional(),
    originalMissing: z.literal(true).optional().meta({ description: 'Facts arrived, the original has not.' }),
    conflictsWith: ItemId.optional().meta({
      description: 'The item that first used this id with other content.',
    }),
  })
  .meta({ id: 'Item' });
export type Item = z.infer<typeof Item>;
