import { HoldfastError } from '../../core/errors.ts';
import type { KafkaConnection, TopicPlacement } from './connect-kafka.ts';
import { toKafkaFault } from './kafka-fault.ts';
import { isVendorError } from './kafka-wire.ts';
import { Backoff, retrying } from './retrying.ts';
import { createTopics, describeTopics, topicAlreadyExists } from './topic-administration.ts';
import { isAccepted, type TopicProfile, type TopicSettings, type WantedTopic } from './topic-profile.ts';

/** A difference that would weaken a promise, and what removes it. */
export interface TopicFault {
  readonly topic: string;
  readonly setting: string;
  readonly expected: string;
  readonly found: string;
  readonly repair: string;
}

const unknownTopic = 3;
const invalidReplicationFactor = 38;

/**
 * Makes the topics that are missing, and refuses with `InvalidConfig`, naming every difference, topics that are
 * weaker than the profile. Nothing that exists is changed: who weakened it should say why.
 */
export const ensureTopics = async (
  connection: KafkaConnection,
  wanted: readonly WantedTopic[],
  profile: TopicProfile,
): Promise<{ readonly created: readonly string[] }> => {
  try {
    const missing = await findMissing(connection, wanted);
    if (missing.length > 0) await create(connection, missing, profile);
    const faults = await findFaults(connection, wanted, profile);
    if (faults.length > 0) throw refusal(faults);
    return { created: missing.map(({ topic }) => topic) };
  } catch (error) {
    throw toKafkaFault(error, { what: 'The topics could not be checked' });
  }
};

/** Refuses with `DataFolderInvalid`, naming every topic that is missing; makes none, for that would hide the loss. */
export const assertTopics = async (
  connection: KafkaConnection,
  wanted: readonly WantedTopic[],
): Promise<void> => {
  try {
    const missing = await findMissing(connection, wanted);
    if (missing.length === 0) return;
    const names = missing.map(({ topic }) => topic).join(', ');
    throw new HoldfastError('DataFolderInvalid', {
      detail: `Topics of this installation are missing: ${names}. If they were lost, restore them before anything is started: the next start makes empty ones.`,
    });
  } catch (error) {
    throw toKafkaFault(error, { what: 'The topics could not be looked for' });
  }
};

/** Differences between what exists and what the profile asks; none where all is as strong. */
export const findFaults = async (
  connection: KafkaConnection,
  wanted: readonly WantedTopic[],
  profile: TopicProfile,
): Promise<readonly TopicFault[]> => {
  const names = wanted.map(({ topic }) => topic);
  const placements = await Promise.all(names.map((topic) => ledPlacement(connection, topic)));
  const found = await retrying(patienceOf(connection), () => describeTopics(connection, names));
  return wanted.flatMap((topic, index) => [
    ...placementFaults(topic, placements[index]!, profile),
    ...settingFaults(topic.topic, profile.kinds[topic.kind], found.get(topic.topic) ?? new Map()),
  ]);
};

export const findMissing = async (connection: KafkaConnection, wanted: readonly WantedTopic[]) => {
  const exist = await Promise.all(
    wanted.map(async ({ topic }) => {
      try {
        connection.forget(topic);
        await connection.placementOf(topic);
        return true;
      } catch (error) {
        if (isVendorError(error) && error.code === unknownTopic) return false;
        throw error;
      }
    }),
  );
  return wanted.filter((_, index) => !exist[index]);
};

const create = async (
  connection: KafkaConnection,
  missing: readonly WantedTopic[],
  { name, kinds, replicationFactor }: TopicProfile,
): Promise<void> => {
  const topics = missing.map(({ topic, kind, partitions }) => {
    const settings = Object.entries(kinds[kind]).map(([setting, { value }]) => [setting, value]);
    return { topic, partitions, replicationFactor, settings: Object.fromEntries(settings) };
  });
  const attempt = async () => {
    const answers = await retrying(patienceOf(connection), () => createTopics(connection, topics));
    // Another process that starts may have been faster; what it made is checked as well.
    return answers.find(({ errorCode }) => errorCode !== 0 && errorCode !== topicAlreadyExists);
  };
  const backoff = new Backoff(patienceOf(connection));
  let failed = await attempt();
  // Brokers that have just started, or were silent for a moment, are not counted yet.
  while (failed?.errorCode === invalidReplicationFactor && (await backoff.pause())) failed = await attempt();
  if (!failed) return;
  const said = failed.errorMessage ?? `error ${failed.errorCode}`;
  const advice =
    failed.errorCode === invalidReplicationFactor
      ? ` The ${name} profile needs ${replicationFactor} brokers.`
      : '';
  throw new HoldfastError('InvalidConfig', { detail: `${failed.topic} could not be made: ${said}${advice}` });
};

const patienceOf = ({ options }: KafkaConnection) => ({ untilMs: performance.now() + options.patienceMs });

/** Right after a topic was made some of its partitions have no leader yet, and some brokers do not know it. */
const ledPlacement = (connection: KafkaConnection, topic: string): Promise<TopicPlacement> => {
  return retrying(patienceOf(connection), async () => {
    const placement = await connection.placementOf(topic);
    await Promise.all(placement.partitions.map((_, partition) => connection.leaderOf({ topic, partition })));
    return placement;
  });
};

const placementFaults = (
  { topic, partitions }: WantedTopic,
  found: TopicPlacement,
  { replicationFactor }: TopicProfile,
): readonly TopicFault[] => {
  const faults: TopicFault[] = [];
  if (found.partitions.length !== partitions) {
    faults.push({
      topic,
      setting: 'partitions',
      expected: `${partitions}`,
      found: `${found.partitions.length}`,
      repair: 'Partitions are fixed for a generation: correct the number configured, or restore the topic.',
    });
  }
  const fewest = Math.min(...found.partitions.map(({ replicas }) => replicas));
  if (fewest < replicationFactor) {
    faults.push({
      topic,
      setting: 'replication factor',
      expected: `at least ${replicationFactor}`,
      found: `${fewest}`,
      repair: 'Add replicas with kafka-reassign-partitions.sh.',
    });
  }
  return faults;
};

const settingFaults = (
  topic: string,
  settings: TopicSettings,
  found: ReadonlyMap<string, string>,
): readonly TopicFault[] =>
  Object.entries(settings)
    .filter(([name, setting]) => !isAccepted(setting, found.get(name)))
    .map(([name, { value, accept, why }]) => ({
      topic,
      setting: name,
      expected: `${accept === 'exactly' ? value : `${accept} ${value}`}, because ${why}`,
      found: found.get(name) ?? 'nothing',
      repair: `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${name}=${value}`,
    }));

const refusal = (faults: readonly TopicFault[]): HoldfastError => {
  const lines = faults.map(
    ({ topic, setting, expected, found, repair }) =>
      `${topic}: ${setting} is ${found}, expected ${expected}. Repair: ${repair}`,
  );
  return new HoldfastError('InvalidConfig', { detail: lines.join('\n'), faults });
};
