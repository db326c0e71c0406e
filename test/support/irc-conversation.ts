import type { Conversation } from '../../schemas/events/im-event.ts';
import { ConversationId } from '../../schemas/ids.ts';

/** The conversation of a channel as importers name it. */
export const ircConversation = (channel: string): Conversation => ({
  id: ConversationId.parse(`irc:${channel}`),
  kind: 'room',
  name: channel,
});
