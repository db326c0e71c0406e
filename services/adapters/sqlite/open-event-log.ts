import type { EventLog } from '../../ports/event-log.ts';
import { SqliteEventLog, type SqliteEventLogOptions } from './event-log.ts';
import { hostLogEngine } from './hosted-log-engine.ts';
import { type LogEngine, openLogEngine } from './log-engine.ts';
import { slotsOf } from './log-slots.ts';

/** The log in this thread: every call blocks it for as long as SQLite takes. For threads that own their connection. */
export const openSqliteEventLog = (options: SqliteEventLogOptions): Promise<EventLog> =>
  open(options, async (...argument) => openLogEngine(...argument));

/** The log in a thread of its own: this thread only packs and unpacks. */
export const hostSqliteEventLog = (options: SqliteEventLogOptions): Promise<EventLog> =>
  open(options, (path, slots, connection) => hostLogEngine({ path, slots, options: connection }));

type OpenEngine = (...argument: Parameters<typeof openLogEngine>) => Promise<LogEngine>;

const open = async (options: SqliteEventLogOptions, openEngine: OpenEngine): Promise<EventLog> => {
  // The clock stays here: it does not survive a thread border.
  const { clock: _, limits: __, partitions, path, ...connection } = options;
  return new SqliteEventLog(await openEngine(path, slotsOf(partitions), connection), options);
};
