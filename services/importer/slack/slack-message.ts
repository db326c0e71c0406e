import { z } from 'zod';
import { SlackTimestamp } from './slack-time.ts';

const optionalText = z.string().optional().catch(undefined);
const PersonOrBot = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'expected the id of a user or bot');

const SlackFile = z.object({
  id: optionalText,
  name: optionalText,
  title: optionalText,
  mimetype: optionalText,
  size: z.int().min(0).optional().catch(undefined),
});
export type SlackFile = z.infer<typeof SlackFile>;

const SlackAttachment = z.object({
  pretext: optionalText,
  author_name: optionalText,
  title: optionalText,
  text: optionalText,
  fallback: optionalText,
  fields: z
    .array(z.object({ title: optionalText, value: optionalText }))
    .optional()
    .catch(undefined),
  blocks: z.unknown().optional(),
});
export type SlackAttachment = z.infer<typeof SlackAttachment>;

const withoutNulls = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
    : value;

const ownFields = {
  type: z.literal('message').optional(),
  subtype: z.string().optional(),
  ts: SlackTimestamp,
  user: PersonOrBot.optional(),
  bot_id: PersonOrBot.optional(),
  username: optionalText,
  bot_profile: z.object({ name: optionalText }).optional().catch(undefined),
  user_profile: z
    .object({ real_name: optionalText, display_name: optionalText, name: optionalText, team: optionalText })
    .optional()
    .catch(undefined),
  team: optionalText,
  user_team: optionalText,
  text: z.string().optional(),
  thread_ts: SlackTimestamp.optional(),
  edited: z.object({ user: PersonOrBot.optional(), ts: SlackTimestamp }).optional(),
  reactions: z.array(z.object({ name: z.string(), users: z.array(PersonOrBot) })).optional(),
  file: SlackFile.optional(),
  files: z.array(SlackFile).optional(),
  attachments: z.array(SlackAttachment).optional(),
  blocks: z.unknown().optional(),
  topic: z.string().optional(),
  purpose: z.string().optional(),
  name: optionalText,
  old_name: optionalText,
  comment: z.object({ user: PersonOrBot.optional() }).optional().catch(undefined),
};

/** A message that another one carries: what it was before or after a change. */
const CarriedMessage = z.preprocess(withoutNulls, z.object(ownFields));

/**
 * One element of a day file, as far as it is read. What says who, when and what must be as expected; what only adorns
 * it is left out where it is not. `null` is taken for absent.
 */
export const SlackMessage = z.preprocess(
  withoutNulls,
  z.object({
    ...ownFields,
    message: CarriedMessage.optional(),
    previous_message: CarriedMessage.optional(),
    deleted_ts: SlackTimestamp.optional(),
  }),
);
export type SlackMessage = z.infer<typeof SlackMessage>;
