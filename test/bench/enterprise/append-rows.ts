import { randomBytes } from 'node:crypto';
import { development } from '../../../infra/kafka/topic-settings.ts';
import { connectKafka } from '../../../services/adapters/kafka/connect-kafka.ts';
import { ensureTopics } from '../../../services/adapters/kafka/ensure-topics.ts';
import { openKafkaEventLog } from '../../../services/adapters/kafka/event-log.ts';
import { deleteTopics } from '../../../services/adapters/kafka/topic-administration.ts';
import { topicNames } from '../../../services/adapters/kafka/topic-names.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import type { EventLog } from '../../../services/ports/event-log.ts';
import { type AppendFigures, measureAppends } from '../append.ts';
import { rowsOfAppends } from '../append-rows.ts';
import type { BenchContext } from '../bench-context.ts';
import type { BenchRow } from '../bench-row.ts';
import { inFlight } from './equal-settings.ts';

const rounds = 5;

/** Appends to the log in Kafka, acknowledged by all of its replicas: one broker here. */
export const enterpriseAppendRows = async (
  { signal, say }: BenchContext,
  broker: string,
): Promise<BenchRow[]> => {
  const alone: AppendFigures[] = [];
  const together: AppendFigures[] = [];
  await withLog(broker, async (log) => {
    await measureAppends(log, { writers: 64, appends: 20_000 });
    for (let round = 1; round <= rounds; round += 1) {
      signal.throwIfAborted();
      say(`Enterprise: appends, round ${round} of ${rounds}`);
      alone.push(await measureAppends(log, { writers: 1, appends: 500 }));
      together.push(await measureAppends(log, { writers: 64, appends: 30_000 }));
    }
  });
  return rowsOfAppends(alone, together, 10_000);
};

const withLog = async (broker: string, use: (log: EventLog) => Promise<void>): Promise<void> => {
  const installation = randomBytes(16).toString('hex');
  const partitions = { im: inFlight, governance: 1, audit: 1 };
  await using connection = await connectKafka({ brokers: [broker], clientId: 'holdfast-bench' });
  const topic = topicNames.stream(installation, 'im', 1);
  await ensureTopics(connection, [{ topic, kind: 'data', partitions: inFlight }], development);
  try {
    await using log = openKafkaEventLog({ connection, installation, partitions, clock: systemClock });
    await use(log);
  } finally {
    await deleteTopics(connection, [topic]);
  }
};
