import type { KafkaConnection } from './connect-kafka.ts';
import { findFaults, findMissing, type TopicFault } from './ensure-topics.ts';
import { toKafkaFault } from './kafka-fault.ts';
import type { TopicProfile, WantedTopic } from './topic-profile.ts';

export interface ExaminedTopics {
  /** Those that the first start will make. */
  readonly missing: readonly string[];
  readonly faults: readonly TopicFault[];
}

/** Compares topics with what they must be, and changes nothing. */
export const examineTopics = async (
  connection: KafkaConnection,
  wanted: readonly WantedTopic[],
  profile: TopicProfile,
): Promise<ExaminedTopics> => {
  try {
    const missing = await findMissing(connection, wanted);
    const present = wanted.filter((topic) => !missing.includes(topic));
    const faults = present.length === 0 ? [] : await findFaults(connection, present, profile);
    return { missing: missing.map(({ topic }) => topic), faults };
  } catch (error) {
    throw toKafkaFault(error, { what: 'The topics could not be examined' });
  }
};
