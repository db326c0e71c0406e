import type { EventLog } from '../../ports/event-log.ts';
import type { ConnectionOptions } from './connection.ts';
import { SqliteEventLog, type SqliteEventLogOptions } from './event-log.ts';
import { hostLogEngine } from './hosted-log-engine.ts';
import { type LogEngine, openLogEngine } from './log-engine.ts';
import { slotsOf } from './log-slots.ts';

type Options = SqliteEventLogOptions & Omit<ConnectionOptions, 'readOnly'>;

/** The log in this thread: every call blocks it for as long as SQLite takes. For threads that own their connection. */
export const openSqliteEventLog = (options: Options): Promise<EventLog> =>
  open(options, async (...argument) => openLogEngine(...argument));

/** The log in a thread of its own: this thread only packs and unpacks. */
export const hostSqliteEventLog = (options: Options): Promise<EventLog> =>
  open(options, (path, slots, connection) => hostLogEngine({ path, slots, options: connection }));

type OpenEngine = (...argument: Parameters<typeof openLogEngine>) => Promise<LogEngine>;

const open = async (options: Options, openEngine: OpenEngine): Promise<EventLog> => {
  const { path, partitions, readOnly, maxPages, checkpointPages } = options;
  const connection: ConnectionOptions = {
    ...(readOnly !== undefined && { readOnly }),
    ...(maxPages !== undefined && { maxPages }),
    ...(checkpointPages !== undefined && { checkpointPages }),
  };
  return new SqliteEventLog(await openEngine(path, slotsOf(partitions), connection), options);
};
