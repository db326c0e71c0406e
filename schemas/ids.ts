import { z } from 'zod';

/** Ids are at most 256 characters, well-formed, without control characters: they become index keywords. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const idText = /^[^\u0000-\u001f\u007f-\u009f]+$/;

const id = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(256)
    .regex(idText, 'expected an id without control characters')
    .refine((text) => text.isWellFormed(), 'expected well-formed Unicode')
    .meta({ description, examples: [example] });

/** Made by whoever creates the event; the same id with the same content is a duplicate. */
export const EventId = id(
  'Event id, unique in the installation.',
  '0f8fad5b-d9cb-469f-a165-70867728950e',
).brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** The id of the event that began the item, or `<id>~<16 hex>` for a conflicting second content. */
export const ItemId = id(
  'Item id: the id of the event that began it.',
  '0f8fad5b-d9cb-469f-a165-70867728950e',
).brand<'ItemId'>();
export type ItemId = z.infer<typeof ItemId>;

export const ConversationId = id(
  'Conversation id; decides the partition.',
  'irc:#ubuntu',
).brand<'ConversationId'>();
export type ConversationId = z.infer<typeof ConversationId>;

export const SessionId = id('Session id, unique in its conversation.', '2004-12-25').brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

export const PersonId = id(
  'Person id in the directory, or the address where no directory knows them.',
  'P123',
).brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')
  .meta({ description: 'SHA-256, lower-case hexadecimal.' });
export type Sha256 = z.infer<typeof Sha256>;

/** Years 0001 to 9999: what every engine and date library here can hold. */
export const Instant = z.iso
  .datetime({ offset: false, precision: 3, error: 'expected a UTC time like 2004-12-25T09:14:00.000Z' })
  .refine((text) => !text.startsWith('0000'), 'expected a year from 0001 to 9999')
  .meta({ description: 'UTC instant with milliseconds.', examples: ['2004-12-25T09:14:00.000Z'] });
export type Instant = z.infer<typeof Instant>;
