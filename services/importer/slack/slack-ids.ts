import { hash } from 'node:crypto';
import { ConversationId, type EventId, type ItemId, PersonId } from '../../../schemas/ids.ts';

/** What happened, in the family of ids it is of; all that Slack tells apart by a timestamp is a `message`. */
type Happening = 'message' | 'edit' | 'delete' | 'reaction' | 'file' | 'created';

/**
 * SHA-256 of what Slack itself names a thing by: channel id and timestamp, never the zip, a folder or what was
 * written. So a later export of the same workspace, or the same in another file, gives the same id.
 */
export const slackEventId = (what: Happening, ...names: readonly string[]): EventId =>
  hash('sha256', JSON.stringify(['slack', what, ...names]), 'hex') as EventId;

/** The item of the message with this timestamp, whether or not it was seen. */
export const slackItemId = (channel: string, ts: string): ItemId =>
  slackEventId('message', channel, ts) as string as ItemId;

/** Undefined where it can be no id. */
export const slackConversationId = (channel: string): ConversationId | undefined => {
  const id = ConversationId.safeParse(`slack:${channel}`);
  return id.success && channel !== '' ? id.data : undefined;
};

export const slackPersonId = (user: string): PersonId | undefined => {
  const id = PersonId.safeParse(`slack:${user}`);
  return id.success && user !== '' ? id.data : undefined;
};
