import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { localSourceFiles } from '../../../services/adapters/files/local-source-files.ts';
import { connectKafka } from '../../../services/adapters/kafka/connect-kafka.ts';
import { ensureTopics } from '../../../services/adapters/kafka/ensure-topics.ts';
import { openKafkaEventLog } from '../../../services/adapters/kafka/event-log.ts';
import { SeededRandom } from '../../../services/adapters/memory/random.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { decodeEvent } from '../../../services/core/conversation/decode-event.ts';
import { isLaterEvent } from '../../../services/core/item/facts.ts';
import {
  kafkaOptionsOf,
  partitionsIn,
  topicProfileOf,
  wantedTopics,
} from '../../../services/enterprise/open-engines.ts';
import { importFiles } from '../../../services/importer/import-files.ts';
import type { ImportSink } from '../../../services/importer/import-sink.ts';
import type { EventLog } from '../../../services/ports/event-log.ts';
import type { EnterpriseInstallation } from '../../support/enterprise-installation.ts';
import { logOnly } from '../preload-log.ts';

export interface Preloaded {
  readonly events: number;
  /** What must be in the index when all is archived: some events of the samples edit or delete. */
  readonly items: number;
}

const samples = join(import.meta.dirname, '../../../infra/samples');

/**
 * Fills the log of an installation with the samples in Korean, Chinese and Japanese and then with days of these files,
 * about as many events as asked for. Each day is a conversation of its own, so that all partitions have their share.
 */
export const preloadTopic = async (
  { settings }: EnterpriseInstallation,
  files: readonly string[],
  events: number,
): Promise<Preloaded> => {
  await using connection = await connectKafka(kafkaOptionsOf(settings));
  await ensureTopics(connection, wantedTopics(settings), topicProfileOf(settings));
  const { installation } = settings.config;
  const partitions = partitionsIn(settings);
  await using log = openKafkaEventLog({ connection, installation, partitions, clock: systemClock });
  const into = new Preloading(log, events);
  await into.addSamples(globSync(join(samples, '*/*.jsonl')).sort());
  for (const file of files) await into.addDay(file);
  return { events: into.appended, items: into.items };
};

class Preloading {
  appended = 0;
  items = 0;
  readonly #log: EventLog;
  readonly #enough = new AbortController();
  readonly #random = new SeededRandom('bench');
  readonly #events: number;

  constructor(log: EventLog, events: number) {
    this.#log = log;
    this.#events = events;
  }

  addSamples(files: readonly string[]): Promise<void> {
    return this.#import(files, 'jsonl', this.#sink());
  }

  async addDay(file: string): Promise<void> {
    if (this.#enough.signal.aborted) return;
    await this.#import([file], 'irc', inConversation(this.#sink(), `#ubuntu ${basename(file).slice(0, 10)}`));
  }

  async #import(files: readonly string[], format: 'irc' | 'jsonl', sink: ImportSink): Promise<void> {
    const ports = { sink, files: localSourceFiles, clock: systemClock, random: this.#random };
    const options = { importId: 'bench', format, conversation: '#ubuntu', signal: this.#enough.signal };
    await importFiles(files, options, ports);
  }

  #sink(): ImportSink {
    const sink = logOnly(this.#log, (records) => {
      this.appended += records;
      if (this.appended >= this.#events) this.#enough.abort();
    });
    return {
      ...sink,
      append: (lines) => {
        this.items += lines.filter(beginsItem).length;
        return sink.append(lines);
      },
    };
  }
}

const beginsItem = (line: Uint8Array): boolean => {
  const decoded = decodeEvent(line);
  return decoded.ok && !isLaterEvent(decoded.event);
};

/** The same lines, all of them in one conversation of this name. */
const inConversation = (sink: ImportSink, name: string): ImportSink => ({
  ...sink,
  append: (lines) =>
    sink.append(
      lines.map((line) => {
        const event = JSON.parse(Buffer.from(line).toString());
        if (event.data?.conversation === undefined) return line;
        event.data.conversation = { ...event.data.conversation, id: `irc:${name}`, name };
        return Buffer.from(JSON.stringify(event));
      }),
    ),
});
