import type { TopicProfile, TopicSetting } from '../../services/adapters/kafka/topic-profile.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const exactly = (value: string, why: string): TopicSetting => ({ value, accept: 'exactly', why });
const atMost = (value: number, why: string): TopicSetting => ({ value: `${value}`, accept: 'at most', why });
const atLeast = (value: number, why: string): TopicSetting => ({
  value: `${value}`,
  accept: 'at least',
  why,
});

const mebibyte = 1024 * 1024;

/** Of every topic whose records somebody may have to prove. */
const durable = (minInSyncReplicas: number) => ({
  'min.insync.replicas': atLeast(
    minInSyncReplicas,
    'an append is acknowledged only once that many brokers hold it',
  ),
  'unclean.leader.election.enable': exactly(
    'false',
    'a replica that lacks acknowledged records may never lead',
  ),
  'message.timestamp.type': exactly(
    'LogAppendTime',
    'log time is the broker’s and ascends; a client’s clock decides nothing',
  ),
  'compression.type': exactly(
    'uncompressed',
    'brokers unpack what a stranger packed, whatever the codec: Holdfast reads no snappy and no lz4, and a packed record may be a thousand times larger than the limit',
  ),
});

/** Streams whose content may have to go: the only ones that are compacted. */
const data = (minInSyncReplicas: number) => ({
  ...durable(minInSyncReplicas),
  'max.message.bytes': atLeast(
    2 * mebibyte,
    'a send is up to 1 MiB, or one record of 1 MiB with its key; a smaller limit refuses records that are valid',
  ),
  'cleanup.policy': exactly('compact', 'erasure is compaction; nothing goes by age or size'),
  'segment.ms': atMost(hourMs, 'what was erased stays until its segment is closed'),
  'max.compaction.lag.ms': atMost(dayMs, 'an erasure is done within it however little else is written'),
  'min.compaction.lag.ms': atMost(0, 'nothing keeps what was erased from going'),
  'min.cleanable.dirty.ratio': atMost(
    0.5,
    'compaction copies the whole partition: not for every few records, the lag bounds the wait',
  ),
  'delete.retention.ms': atLeast(7 * dayMs, 'an archiver a week behind still sees marks of erasure as marks'),
  'file.delete.delay.ms': atMost(minuteMs, 'old segments with erased content are deleted so much later'),
});

/** Streams that are the proof: append-only, never compacted, never expire. */
const record = (minInSyncReplicas: number) => ({
  ...durable(minInSyncReplicas),
  'max.message.bytes': atLeast(
    16 * mebibyte,
    'the range of a batch is one record: 1,000 entries with reasons of 2,048 characters that JSON writes in six bytes each',
  ),
  'cleanup.policy': exactly('delete', 'compaction would take records'),
  'retention.ms': exactly('-1', 'nothing goes by age'),
  'retention.bytes': exactly('-1', 'nothing goes by size'),
});

/** Nothing is written there: archivers share partitions by subscribing to it. */
const assignment = () => ({
  'cleanup.policy': exactly('delete', 'there is nothing to compact'),
});

/** Three brokers or more: any one may be lost, with its disk, and nothing acknowledged is. */
export const production: TopicProfile = {
  name: 'production',
  replicationFactor: 3,
  kinds: { data: data(2), record: record(2), assignment: assignment() },
  cannotPromise: [],
};

/** One broker, for development and tests. */
export const development: TopicProfile = {
  name: 'development',
  replicationFactor: 1,
  kinds: { data: data(1), record: record(1), assignment: assignment() },
  cannotPromise: [
    'What is acknowledged is held by one broker: it survives the kill of any process, not a loss of power or of that disk.',
    'While the broker is down nothing is logged.',
  ],
};
