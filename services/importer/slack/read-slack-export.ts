import type { ZipEntry, ZipSource } from '../../ports/source-files.ts';
import { beginConversation } from './begin-conversation.ts';
import { inOrderOfTime } from './in-order-of-time.ts';
import { readElements } from './read-elements.ts';
import { readIndex } from './read-index.ts';
import { Scene } from './scene.ts';
import {
  conversationFiles,
  type ExportedConversation,
  SlackConversation,
  SlackConversations,
} from './slack-conversations.ts';
import { dayRecords, toRecord } from './slack-day.ts';
import { type SlackLayout, slackLayout } from './slack-layout.ts';
import { SlackPeople, SlackUser } from './slack-people.ts';
import type { SlackReading, SlackStep } from './slack-step.ts';

/** A day of up to this many bytes is held in memory to put it in order; a larger one is read as it stands. */
const maxOrderedBytes = 32 * 1024 * 1024;

/**
 * Reads an export: people and conversations first, which are held in memory, then the messages of one conversation
 * after the other. What is damaged or must not be read is left out and told.
 */
export async function* readSlackExport(zip: ZipSource, reading: SlackReading): AsyncGenerator<SlackStep> {
  const layout = slackLayout(zip.entries);
  if (layout === undefined) return;
  for (const { name, reason } of zip.skipped) yield { kind: 'left', entry: name, reason, isLost: true };
  const people = new SlackPeople();
  const conversations = new SlackConversations();
  yield* readIndexes(zip, layout, { people, conversations, reading });
  const names = {
    person: (id: string) => people.shownName(id),
    channel: (id: string) => conversations.name(id),
  };
  const sceneOf = (exported: ExportedConversation) => new Scene({ ...reading, exported, people, names });
  for (const exported of conversations.all) yield* begin(exported, sceneOf(exported));
  for (const { folder, days } of layout.folders) {
    const exported = conversations.ofFolder(folder);
    for (const day of days) {
      if (exported === undefined) yield left(day, 'in a folder that can name no conversation');
      else yield* readDay(zip, day, { scene: sceneOf(exported), importId: reading.importId });
    }
  }
  const reason = 'neither messages, people nor conversations';
  for (const { name } of layout.others) yield { kind: 'left', entry: name, reason, isLost: false };
}

async function* readIndexes(
  zip: ZipSource,
  { people: peopleFiles, indexes }: SlackLayout,
  into: { people: SlackPeople; conversations: SlackConversations; reading: SlackReading },
): AsyncGenerator<SlackStep> {
  const { people, conversations, reading } = into;
  for (const entry of peopleFiles)
    yield* readIndex(zip, { entry, schema: SlackUser, add: (user) => people.add(user) }, reading);
  for (const { entry, file } of indexes) {
    const kind = conversationFiles.get(file)!;
    const add = (conversation: SlackConversation): boolean => conversations.add(conversation, kind);
    yield* readIndex(zip, { entry, schema: SlackConversation, add }, reading);
  }
}

function* begin(exported: ExportedConversation, scene: Scene): Generator<SlackStep> {
  const event = beginConversation(exported, scene);
  const record = event === undefined ? undefined : toRecord(event);
  if (record !== undefined && !('reason' in record))
    yield { kind: 'record', entry: exported.channel, line: 1, record };
}

async function* readDay(
  zip: ZipSource,
  day: ZipEntry,
  { scene, importId }: { scene: Scene; importId: string },
): AsyncGenerator<SlackStep> {
  if (day.sizeBytes === 0) return yield { ...left(day, 'empty file'), isLost: false };
  const damage = await zip.findDamage(day);
  if (damage !== undefined) return yield left(day, damage);
  const elements = readElements(zip, day);
  const ordered = day.sizeBytes > maxOrderedBytes ? elements : await inOrderOfTime(elements);
  for await (const element of ordered) {
    for (const record of dayRecords(element, scene, { container: day.name, importId }))
      yield { kind: 'record', entry: day.name, line: element.number, record };
  }
  yield { kind: 'read', entry: day };
}

const left = ({ name }: ZipEntry, reason: string) =>
  ({ kind: 'left', entry: name, reason, isLost: true }) as const;
