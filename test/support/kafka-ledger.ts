import assert from 'node:assert/strict';
import { development } from '../../infra/kafka/topic-settings.ts';
import type { DataStream, RangeProposal } from '../../schemas/archive/ledger.ts';
import type { KafkaConnection } from '../../services/adapters/kafka/connect-kafka.ts';
import { KafkaLedger } from '../../services/adapters/kafka/ledger.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import type { WantedTopic } from '../../services/adapters/kafka/topic-profile.ts';
import { openTopicStream, type TopicStream } from '../../services/adapters/kafka/topic-stream.ts';
import { MemoryLedgerView } from '../../services/adapters/memory/ledger-view.ts';
import { openSqliteLedgerView } from '../../services/adapters/sqlite/open-ledger-view.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { Ledger } from '../../services/ports/ledger.ts';
import type { LedgerView } from '../../services/ports/ledger-view.ts';
import {
  type InstallationOptions,
  type KafkaInstallation,
  makeKafkaInstallation,
} from './kafka-installation.ts';
import { imPartition, leaf, proposalOf } from './range-proposals.ts';

const dataStreams: readonly DataStream[] = ['im', 'governance', 'audit'];

export const ledgerTopic = (installation: string, stream: DataStream = 'im'): string =>
  topicNames.ledger(installation, stream, 1);

/** Topics of a ledger whose `im` stream has this many partitions. */
export const ledgerTopics = (installation: string, imPartitions: number): readonly WantedTopic[] => [
  ...dataStreams.map((stream): WantedTopic => {
    const partitions = stream === 'im' ? imPartitions : 1;
    return { topic: ledgerTopic(installation, stream), kind: 'record', partitions };
  }),
  { topic: topicNames.heads(installation), kind: 'record', partitions: 1 },
];

/** New topics of a ledger, as Holdfast makes them, which go with it. */
export const makeLedgerTopics = (
  imPartitions = 2,
  options: Omit<InstallationOptions, 'topicsOf' | 'profile'> = {},
): Promise<KafkaInstallation> =>
  makeKafkaInstallation({
    ...options,
    profile: development,
    topicsOf: (installation) => ledgerTopics(installation, imPartitions),
  });

export interface LedgerOptions {
  /** A file, or memory. */
  readonly view?: string | LedgerView;
  readonly imPartitions?: number;
  readonly appendDeadlineMs?: number;
  /** Between the ledger and each of its topics. */
  readonly wrap?: (stream: TopicStream) => TopicStream;
}

/** One process's ledger over the topics of an installation, started. */
export const openKafkaLedger = async (
  { connection, installation }: { readonly connection: KafkaConnection; readonly installation: string },
  {
    view = new MemoryLedgerView(),
    imPartitions = 2,
    appendDeadlineMs,
    wrap = (stream) => stream,
  }: LedgerOptions = {},
): Promise<KafkaLedger> => {
  const open = (topic: string): TopicStream =>
    wrap(
      openTopicStream(connection, topic, {
        unavailable: 'LedgerUnavailable',
        ...(appendDeadlineMs === undefined ? {} : { appendDeadlineMs }),
      }),
    );
  const ofStream = (stream: DataStream) => open(ledgerTopic(installation, stream));
  const ledger = new KafkaLedger({
    streams: { im: ofStream('im'), governance: ofStream('governance'), audit: ofStream('audit') },
    heads: open(topicNames.heads(installation)),
    partitions: { im: imPartitions, governance: 1, audit: 1 },
    view: typeof view === 'string' ? await openSqliteLedgerView({ path: view }) : view,
    clock: systemClock,
  });
  try {
    await ledger.start();
    return ledger;
  } catch (error) {
    await ledger[Symbol.asyncDispose]();
    throw error;
  }
};

/** Wins a range of so many entries. */
export const grow = async (
  ledger: Ledger,
  count: number,
  by = 'event',
  partition = 0,
): Promise<RangeProposal> => {
  const name = imPartition(partition);
  const frontier = await ledger.frontier(name);
  const entries = Array.from({ length: count }, (_, n) =>
    leaf(frontier.size + n, 'archived', { eventId: `${by}-${partition}-${frontier.size + n}` }),
  );
  const proposal = proposalOf(name, frontier, entries);
  assert.ok((await ledger.propose(proposal)).won);
  return proposal;
};

export const sizeOf = async (ledger: Ledger, partition = 0): Promise<number> =>
  (await ledger.frontier(imPartition(partition))).size;
