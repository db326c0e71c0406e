import type { ImEvent } from '../../../schemas/events/im-event.ts';
import { authorOf } from './author-of.ts';
import type { Scene } from './scene.ts';
import { slackEventId } from './slack-ids.ts';
import type { SlackMessage } from './slack-message.ts';
import { readableText } from './slack-text.ts';

type Reading = { readonly event: ImEvent } | { readonly unreadable: string };

/** Joins, leaves, topics and other changes of a conversation. */
export const systemEvent = (message: SlackMessage, scene: Scene): Reading => {
  const actor = authorOf(message, scene.people);
  if (actor === undefined) return { unreadable: 'a change of a conversation by nobody' };
  const envelope = scene.envelope(slackEventId('message', scene.channel, message.ts));
  const common = scene.common(message, actor);
  const change = /^(?:channel|group)_(.+)$/.exec(message.subtype ?? '')?.[1];
  switch (change) {
    case 'join':
      return { event: { ...envelope, type: 'holdfast.im.participant.joined', data: common } };
    case 'leave':
      return { event: { ...envelope, type: 'holdfast.im.participant.left', data: common } };
    case 'topic': {
      const data = { ...common, topic: readableText(message.topic ?? '', scene.names) };
      return { event: { ...envelope, type: 'holdfast.im.room.topic-changed', data } };
    }
    default: {
      const mode = changeOf(change, message, scene);
      if (mode === undefined) return { unreadable: `a message of the unknown kind ${kindOf(message)}` };
      const data = { ...common, mode };
      return { event: { ...envelope, type: 'holdfast.im.room.mode-changed', data } };
    }
  }
};

const changeOf = (change: string | undefined, message: SlackMessage, scene: Scene): string | undefined => {
  switch (change) {
    case 'purpose':
      return `purpose: ${readableText(message.purpose ?? '', scene.names)}`;
    case 'name':
      return `renamed from ${message.old_name ?? '(unknown)'} to ${message.name ?? '(unknown)'}`;
    case 'archive':
      return 'archived';
    case 'unarchive':
      return 'no longer archived';
    case 'convert_to_private':
      return 'made private';
    default:
      return undefined;
  }
};

const kindOf = ({ subtype }: SlackMessage): string => JSON.stringify(subtype?.slice(0, 64) ?? '');
