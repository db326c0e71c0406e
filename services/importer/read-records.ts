import type { Conversation } from '../../schemas/events/im-event.ts';
import { ConversationId } from '../../schemas/ids.ts';
import { HoldfastError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { SourceFiles } from '../ports/source-files.ts';
import type { ImportRecord } from './import-record.ts';
import { findChannel } from './irc/find-channel.ts';
import { IrcDay } from './irc/irc-day.ts';
import { createNonces } from './nonces.ts';
import type { PlannedLines } from './plan-import.ts';
import { readJsonlLine } from './read-jsonl-line.ts';
import type { SourceLine } from './split-lines.ts';

export interface ReadingPorts {
  readonly files: SourceFiles;
  readonly clock: Clock;
  readonly random: Random;
}

export type LineReader = (line: SourceLine) => ImportRecord;

/** How the lines of this file are read, in order. */
export const openReader = async (
  { files, clock, random }: ReadingPorts,
  planned: PlannedLines,
  options: { readonly importId: string; readonly conversation?: string },
): Promise<LineReader> => {
  const { importId } = options;
  const container = planned.file.name;
  if (planned.format === 'jsonl') return (line) => readJsonlLine(line, { container, importId });
  const channel =
    (await findChannel(files, planned.file.path)) ?? options.conversation ?? planned.file.folder;
  const conversation = channelConversation(channel);
  const day = new IrcDay({
    container,
    date: planned.date,
    conversation,
    importId,
    clock,
    nextNonce: createNonces(random),
  });
  return (line) => day.record(line);
};

const channelConversation = (channel: string): Conversation => {
  const name = channel.toLowerCase();
  const id = ConversationId.safeParse(`irc:${name}`);
  if (id.success && name !== '') return { id: id.data, kind: 'room', name };
  const detail = `${JSON.stringify(channel.slice(0, 80))} cannot name a conversation; give one with --conversation.`;
  throw new HoldfastError('ImportFailed', { detail });
};
