import type { ImEvent } from '../../../schemas/events/im-event.ts';
import type { Scene } from './scene.ts';
import type { ExportedConversation } from './slack-conversations.ts';
import { slackEventId } from './slack-ids.ts';

/** The making of a room or conversation, where the index tells who made it and when. */
export const beginConversation = (
  { channel, conversation, created }: ExportedConversation,
  scene: Scene,
): ImEvent | undefined => {
  const actor = created === undefined ? undefined : scene.people.person(created.by);
  if (created === undefined || actor === undefined) return undefined;
  const type = conversation.kind === 'room' ? 'holdfast.im.room.created' : 'holdfast.im.conversation.started';
  const data = {
    ...scene.setting(created.at, created.at, [actor]),
    actor,
    origin: { source: 'slack', container: channel },
  };
  return { ...scene.envelope(slackEventId('created', channel)), type, data };
};
