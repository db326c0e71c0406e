import type { ImEvent } from '../../../schemas/events/im-event.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import { authorOf, slackItself } from './author-of.ts';
import { fileReferences } from './file-references.ts';
import { messageBody } from './message-body.ts';
import type { Scene } from './scene.ts';
import { slackEventId, slackItemId } from './slack-ids.ts';
import type { SlackMessage } from './slack-message.ts';
import { systemEvent } from './system-event.ts';

/** The events of one element of a day file; `unreadable`: why none, or not all, can be made of it. */
export interface MessageEvents {
  readonly events: readonly ImEvent[];
  readonly unreadable?: string;
}

const written = new Set([
  '',
  'assistant_app_thread',
  'bot_message',
  'file_comment',
  'file_share',
  'huddle_thread',
  'me_message',
  'reply_broadcast',
  'slackbot_response',
  'thread_broadcast',
]);
/** Slack wrote these in the name of whoever did it. */
const noticed = new Set([
  'bot_add',
  'bot_remove',
  'channel_canvas_updated',
  'channel_posting_permissions',
  'document_mention',
  'file_mention',
  'pinned_item',
  'reminder_add',
  'sh_room_created',
  'tabbed_canvas_updated',
  'unpinned_item',
]);

export const messageEvents = (message: SlackMessage, scene: Scene): MessageEvents => {
  const { subtype = '' } = message;
  if (written.has(subtype) || noticed.has(subtype)) return stateOf(message, scene);
  if (subtype === 'message_changed') return changeOf(message, scene);
  if (subtype === 'message_deleted') return deletionOf(message, scene);
  if (subtype === 'tombstone') return { events: [deleted(message, message.ts, scene)] };
  const system = systemEvent(message, scene);
  return 'event' in system ? { events: [system.event] } : { events: [], ...system };
};

/** A message as it stood once. Its id names the edit it shows, so that the text under one id is always the same. */
const stateOf = (message: SlackMessage, scene: Scene): MessageEvents => {
  const author = authorOf(message, scene.people);
  if (author === undefined) return { events: [], unreadable: 'a message without an author' };
  const { body, mentioned } = messageBody(message, scene.names);
  const others = mentioned.flatMap((id) => scene.people.person(id) ?? []);
  const item = slackItemId(scene.channel, message.ts);
  const reactions = reactionsOf(message, item, scene);
  const { edited, subtype = '', thread_ts } = message;
  if (edited !== undefined) {
    const editor = (edited.user === undefined ? undefined : scene.people.person(edited.user)) ?? author;
    const envelope = scene.envelope(slackEventId('edit', scene.channel, message.ts, edited.ts));
    const data = { ...scene.common(message, editor, { at: edited.ts, others }), item, body };
    const files = filesOf(message, scene, () => scene.common(message, author));
    return { events: [{ ...envelope, type: 'holdfast.im.message.edited', data }, ...files, ...reactions] };
  }
  const attachments = fileReferences(message);
  const data = {
    ...scene.common(message, author, { others }),
    body,
    ...(subtype === 'me_message' ? { action: true as const } : {}),
    ...(noticed.has(subtype) ? { notice: true as const } : {}),
    ...(others.length === 0 ? {} : { mentions: others.map(({ id }) => id) }),
    ...(thread_ts === undefined || thread_ts === message.ts
      ? {}
      : { replyTo: slackItemId(scene.channel, thread_ts) }),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
  const envelope = scene.envelope(slackEventId('message', scene.channel, message.ts));
  return { events: [{ ...envelope, type: 'holdfast.im.message.sent', data }, ...reactions] };
};

// Both states are told, each under its own id; a change that is no edit is one at the time of the change.
const changeOf = ({ message, previous_message, ts }: SlackMessage, scene: Scene): MessageEvents => {
  if (message === undefined) return { events: [], unreadable: 'a change without the changed message' };
  const isEdit = message.edited !== undefined || message.subtype === 'tombstone';
  const changed = isEdit ? message : { ...message, edited: { ts, user: message.user } };
  return together(previous_message === undefined ? [changed] : [previous_message, changed], scene);
};

const deletionOf = (message: SlackMessage, scene: Scene): MessageEvents => {
  const { previous_message, deleted_ts = previous_message?.ts } = message;
  if (deleted_ts === undefined) return { events: [], unreadable: 'a deletion of nothing' };
  const before = together(previous_message === undefined ? [] : [previous_message], scene);
  return { ...before, events: [...before.events, deleted(message, deleted_ts, scene)] };
};

const together = (states: readonly SlackMessage[], scene: Scene): MessageEvents => {
  const all = states.map((state) => messageEvents(state, scene));
  const unreadable = all.find((one) => one.unreadable !== undefined)?.unreadable;
  return {
    events: all.flatMap(({ events }) => events),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
};

const deleted = (message: SlackMessage, ts: string, scene: Scene): ImEvent => {
  const actor = authorOf(message, scene.people) ?? slackItself(scene.people);
  const told = { ts, thread_ts: message.thread_ts };
  return {
    ...scene.envelope(slackEventId('delete', scene.channel, ts)),
    type: 'holdfast.im.message.deleted',
    data: { ...scene.common(told, actor, { at: message.ts }), item: slackItemId(scene.channel, ts) },
  };
};

// When somebody reacted is not told: the time is that of the message.
const reactionsOf = (message: SlackMessage, item: ItemId, scene: Scene): ImEvent[] =>
  (message.reactions ?? []).flatMap(({ name, users }) =>
    [...new Set(users)].flatMap((user): ImEvent[] => {
      const actor = scene.people.person(user);
      if (actor === undefined) return [];
      const id = slackEventId('reaction', scene.channel, message.ts, name, user);
      const data = { ...scene.common(message, actor), item, reaction: name };
      return [{ ...scene.envelope(id), type: 'holdfast.im.reaction.added', data }];
    }),
  );

// An edit carries no files: those of a message only known edited are told one by one.
const filesOf = (message: SlackMessage, scene: Scene, common: () => ReturnType<Scene['common']>): ImEvent[] =>
  fileReferences(message).map((file, index) => ({
    ...scene.envelope(slackEventId('file', scene.channel, message.ts, String(index), file.name)),
    type: 'holdfast.im.file.shared',
    data: { ...common(), file },
  }));
