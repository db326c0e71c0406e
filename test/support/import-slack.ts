import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ImEvent, ImEventName } from '../../schemas/events/im-event.ts';
import { folderWith, importInto } from './import-folder.ts';
import { MemoryImportSink } from './memory-import-sink.ts';
import { type SlackExport, slackTs, slackZip, workspace } from './slack-export.ts';

export const importExport = async (sink: MemoryImportSink, exported: SlackExport) => {
  const folder = await folderWith({ 'export.zip': slackZip(exported) });
  return importInto(sink, [join(folder, 'export.zip')]);
};

/** Imports a general channel of these messages alone. */
export const importMessages = async (messages: readonly unknown[], sink = new MemoryImportSink()) => {
  const { users = [], channels = [] } = workspace;
  const days = { 'general/2024-03-01.json': messages };
  const bare = channels.map((channel) => ({ ...(channel as object), creator: undefined }));
  const report = await importExport(sink, { users, channels: bare, days });
  return { sink, report };
};

export type Event<N extends ImEventName> = Extract<ImEvent, { type: `holdfast.im.${N}` }>;
export const ofType = <N extends ImEventName>(sink: MemoryImportSink, name: N): Event<N>[] =>
  sink.events.filter((event): event is Event<N> => event.type === `holdfast.im.${name}`);

/** The one message that says this. */
export const said = (sink: MemoryImportSink, words: string): Event<'message.sent'> => {
  const found = ofType(sink, 'message.sent').filter(({ data }) => data.body.includes(words));
  assert.equal(found.length, 1, words);
  return found[0]!;
};

/** A time of the first of March 2024. */
export const at = (time: string) => slackTs(`2024-03-01T${time}Z`);
