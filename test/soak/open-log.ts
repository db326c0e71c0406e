import type { EnterpriseSettings } from '../../services/adapters/files/enterprise-settings.ts';
import { connectKafka } from '../../services/adapters/kafka/connect-kafka.ts';
import { openKafkaEventLog } from '../../services/adapters/kafka/event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { kafkaOptionsOf, partitionsIn } from '../../services/enterprise/open-engines.ts';
import type { EventLog } from '../../services/ports/event-log.ts';

/** The log of an installation over a connection of its own, closed with it. */
export const openLog = async (
  settings: EnterpriseSettings,
): Promise<AsyncDisposable & { readonly log: EventLog }> => {
  const resources = new AsyncDisposableStack();
  const connection = resources.use(await connectKafka(kafkaOptionsOf(settings)));
  const { installation } = settings.config;
  const partitions = partitionsIn(settings);
  const log = resources.use(openKafkaEventLog({ connection, installation, partitions, clock: systemClock }));
  return { log, [Symbol.asyncDispose]: () => resources.disposeAsync() };
};
