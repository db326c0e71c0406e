import { join } from 'node:path';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { hostSqliteEventLog, openSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import type { EventLogSetup } from './empty-log.ts';
import { describeEventLog } from './event-log.contract.ts';

const sqliteOptions = ({ folder, clock, maxQueuedBytes }: EventLogSetup) => ({
  path: join(folder, 'log.db'),
  partitions: { im: 4, governance: 1, audit: 1 },
  clock,
  ...(maxQueuedBytes && { limits: { maxQueuedBytes } }),
});

describeEventLog('memory', async (setup) => new MemoryEventLog(setup));
describeEventLog('SQLite in this thread', (setup) => openSqliteEventLog(sqliteOptions(setup)));
describeEventLog('SQLite in a thread of its own', (setup) => hostSqliteEventLog(sqliteOptions(setup)));
