import { z } from 'zod';
import { ConversationId, EventId, Instant, ItemId, PersonId, SessionId, Sha256 } from '../ids.ts';
import { Participant, Roster } from './participant.ts';

/** A message body is at most 256 KiB of UTF-8; what is larger goes to the blob store first. */
export const maxBodyBytes = 256 * 1024;
/** The version of every event type written today; readers accept all earlier ones for ever. */
export const currentSchemaVersion = 1;

const wellFormed = (text: string) => text.isWellFormed();
const text = (maxLength: number, description: string) =>
  z
    .string()
    .max(maxLength)
    .refine(wellFormed, 'expected well-formed Unicode without lone surrogates')
    .meta({ description });

const Body = text(maxBodyBytes, 'What was written, as plain text.').refine(
  (body) => Buffer.byteLength(body) <= maxBodyBytes,
  `expected at most ${maxBodyBytes} bytes of UTF-8`,
);
const Subject = text(1024, 'Subject line, where the client had one.');

export const ConversationKind = z
  .enum(['im', 'room', 'meeting', 'call'])
  .meta({ description: 'im: two-party and multiparty; room: persistent; meeting and call.' });
export type ConversationKind = z.infer<typeof ConversationKind>;

export const Conversation = z
  .strictObject({
    id: ConversationId,
    kind: ConversationKind,
    name: text(256, 'Name shown for the conversation.').optional(),
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

export const FileReference = z
  .strictObject({
    name: text(1024, 'File name as the sender gave it.').min(1),
    mediaType: z.string().max(128).optional(),
    sizeBytes: z.int().min(0).optional(),
    sha256: Sha256.optional(),
  })
  .meta({ id: 'FileReference', description: 'A file by its metadata; its text is not read yet.' });
export type FileReference = z.infer<typeof FileReference>;

/** Where an imported event stood in its source; makes its id and lets a reader go back to it. */
export const Origin = z
  .strictObject({
    source: z
      .string()
      .max(64)
      .meta({ description: 'Kind of source.', examples: ['irc', 'jsonl'] }),
    container: text(1024, 'File name in its folder, never an absolute path.'),
    line: z.int().min(1).optional().meta({ description: 'Line in the file, from 1.' }),
  })
  .meta({ id: 'Origin' });
export type Origin = z.infer<typeof Origin>;

const common = {
  nonce: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'expected 16 random bytes as 32 hexadecimal digits')
    .meta({ description: 'Random; keeps the leaf of destroyed content unguessable.' }),
  sentAt: Instant.meta({ description: 'When the client or source claims it was sent.' }),
  acceptedAt: Instant.meta({ description: 'When the front end or importer accepted it.' }),
  conversation: Conversation,
  session: z.strictObject({ id: SessionId }),
  actor: Participant.meta({ description: 'Who did it: the sender, the one who joined, reacted, read …' }),
  roster: Roster,
  origin: Origin.optional(),
};

const toItem = { item: ItemId.meta({ description: 'The item this is a fact of.' }) };
const content = {
  subject: Subject.optional(),
  body: Body,
};

const dataOf = {
  'conversation.started': common,
  'conversation.ended': common,
  'conversation.escalated': { ...common, to: ConversationKind, toConversation: ConversationId.optional() },
  'participant.invited': { ...common, participant: Participant },
  'participant.joined': common,
  'participant.left': { ...common, reason: text(1024, 'Reason given on leaving.').optional() },
  'participant.removed': {
    ...common,
    participant: Participant,
    reason: text(1024, 'Reason given.').optional(),
  },
  'participant.renamed': {
    ...common,
    participant: Participant.meta({ description: 'The participant under the new name.' }),
  },
  'message.sent': {
    ...common,
    ...content,
    action: z.literal(true).optional().meta({ description: 'Written as an action (/me).' }),
    notice: z.literal(true).optional().meta({ description: 'Written as a notice.' }),
    importance: z.enum(['low', 'normal', 'high']).optional(),
    mentions: z.array(PersonId).max(250).optional().meta({ description: 'Persons mentioned or replied to.' }),
    replyTo: ItemId.optional(),
    attachments: z.array(FileReference).max(100).optional(),
  },
  'message.edited': { ...common, ...toItem, ...content },
  'message.deleted': { ...common, ...toItem, reason: text(1024, 'Reason given.').optional() },
  'reaction.added': { ...common, ...toItem, reaction: text(64, 'Emoji or short name.').min(1) },
  'reaction.removed': { ...common, ...toItem, reaction: text(64, 'Emoji or short name.').min(1) },
  'receipt.delivered': { ...common, ...toItem, device: z.string().max(128).optional() },
  'receipt.read': { ...common, ...toItem, device: z.string().max(128).optional() },
  'file.shared': { ...common, file: FileReference },
  'room.created': common,
  'room.topic-changed': { ...common, topic: text(4096, 'The new topic.') },
  'room.mode-changed': { ...common, mode: text(1024, 'The change, as the source wrote it.') },
};
export type ImEventName = keyof typeof dataOf;
export const imEventTypePrefix = 'holdfast.im.';

const eventOf = <N extends ImEventName>(name: N) =>
  z
    .strictObject({
      specversion: z.literal('1.0').meta({ description: 'CloudEvents version.' }),
      id: EventId,
      source: z
        .string()
        .min(1)
        .max(512)
        .meta({
          description: 'Who made the event, as a URI reference.',
          examples: ['urn:holdfast:acme:front-end'],
        }),
      type: z.literal(`${imEventTypePrefix}${name}` as const),
      schemaversion: z
        .literal(currentSchemaVersion)
        .meta({ description: 'Version of this type (schemaVersion); CloudEvents wants lower case.' }),
      time: Instant.meta({ description: 'Same as data.acceptedAt.' }).optional(),
      importid: z
        .string()
        .max(128)
        .optional()
        .meta({ description: 'The audited act of importing that brought the event.' }),
      datacontenttype: z.literal('application/json').optional(),
      data: z.strictObject(dataOf[name]),
    })
    .meta({ id: `im.${name}` });

const events = {
  'conversation.started': eventOf('conversation.started'),
  'conversation.ended': eventOf('conversation.ended'),
  'conversation.escalated': eventOf('conversation.escalated'),
  'participant.invited': eventOf('participant.invited'),
  'participant.joined': eventOf('participant.joined'),
  'participant.left': eventOf('participant.left'),
  'participant.removed': eventOf('participant.removed'),
  'participant.renamed': eventOf('participant.renamed'),
  'message.sent': eventOf('message.sent'),
  'message.edited': eventOf('message.edited'),
  'message.deleted': eventOf('message.deleted'),
  'reaction.added': eventOf('reaction.added'),
  'reaction.removed': eventOf('reaction.removed'),
  'receipt.delivered': eventOf('receipt.delivered'),
  'receipt.read': eventOf('receipt.read'),
  'file.shared': eventOf('file.shared'),
  'room.created': eventOf('room.created'),
  'room.topic-changed': eventOf('room.topic-changed'),
  'room.mode-changed': eventOf('room.mode-changed'),
};

/** Every IM event; the union is closed: an unknown type, field or version is quarantined whole. */
export const ImEvent = z.discriminatedUnion('type', [
  events['conversation.started'],
  events['conversation.ended'],
  events['conversation.escalated'],
  events['participant.invited'],
  events['participant.joined'],
  events['participant.left'],
  events['participant.removed'],
  events['participant.renamed'],
  events['message.sent'],
  events['message.edited'],
  events['message.deleted'],
  events['reaction.added'],
  events['reaction.removed'],
  events['receipt.delivered'],
  events['receipt.read'],
  events['file.shared'],
  events['room.created'],
  events['room.topic-changed'],
  events['room.mode-changed'],
]);
export type ImEvent = z.infer<typeof ImEvent>;
export const imEventSchemas = events;

/** What an importer could not read: logged with its bytes so that it is quarantined, counted and shown. */
export const UnparsedRecord = z
  .strictObject({
    specversion: z.literal('1.0'),
    id: EventId,
    source: z.string().min(1).max(512),
    type: z.literal('holdfast.import.unparsed'),
    schemaversion: z.literal(currentSchemaVersion),
    importid: z.string().max(128).optional(),
    data: z.strictObject({
      origin: Origin,
      reason: z.string().max(1024).meta({ description: 'Why it fits nothing.' }),
      bytes: z
        .base64()
        .max(1024 * 1024)
        .meta({ description: 'The source bytes, base64.' }),
    }),
  })
  .meta({ id: 'import.unparsed' });
export type UnparsedRecord = z.infer<typeof UnparsedRecord>;
