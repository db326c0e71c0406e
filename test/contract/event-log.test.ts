import { join } from 'node:path';
import { openKafkaEventLog } from '../../services/adapters/kafka/event-log.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { hostSqliteEventLog, openSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { needsEngines } from '../support/engines.ts';
import { makeKafkaInstallation, testPartitions } from '../support/kafka-installation.ts';
import type { EventLogSetup } from './empty-log.ts';
import { describeEventLog } from './event-log.contract.ts';

const sqliteOptions = ({ folder, clock, maxQueuedBytes }: EventLogSetup) => ({
  path: join(folder, 'log.db'),
  partitions: { im: 4, governance: 1, audit: 1 },
  clock,
  ...(maxQueuedBytes && { limits: { maxQueuedBytes } }),
});

const openKafka = async ({ maxQueuedBytes }: EventLogSetup): Promise<EventLog> => {
  const { connection, installation, ...topics } = await makeKafkaInstallation();
  const log = openKafkaEventLog({
    connection,
    installation,
    partitions: testPartitions,
    clock: systemClock,
    eraseAllowanceMs: 60_000,
    ...(maxQueuedBytes && { maxQueuedBytes }),
  });
  const close = log[Symbol.asyncDispose].bind(log);
  let isGone = false;
  return Object.assign(log, {
    [Symbol.asyncDispose]: async () => {
      await close();
      if (!isGone) await topics[Symbol.asyncDispose]();
      isGone = true;
    },
  });
};

describeEventLog('memory', async (setup) => new MemoryEventLog(setup));
describeEventLog('SQLite in this thread', (setup) => openSqliteEventLog(sqliteOptions(setup)));
describeEventLog('SQLite in a thread of its own', (setup) => hostSqliteEventLog(sqliteOptions(setup)));
describeEventLog('Kafka', openKafka, { clock: 'engine', skip: needsEngines });
