import type {
  EventLog,
  LoggedRecord,
  NewRecord,
  Position,
  ReadOptions,
} from '../../services/ports/event-log.ts';

export const record = (key: string, text: string): NewRecord => ({ key, value: Buffer.from(text) });

export const textOf = (logged: LoggedRecord | undefined): string | null =>
  logged?.value ? Buffer.from(logged.value).toString() : null;

export const start = (stream: Position['stream'] = 'governance', partition = 0): Position => ({
  stream,
  generation: 1,
  partition,
  offset: 0,
});

/** Everything from a position to the end. */
export const readAll = async (
  log: EventLog,
  from: Position,
  options?: ReadOptions,
): Promise<LoggedRecord[]> => (await Array.fromAsync(log.read(from, options))).flat();

/** Follows until that many records came. */
export const readSome = async (log: EventLog, from: Position, count: number): Promise<LoggedRecord[]> => {
  const records: LoggedRecord[] = [];
  for await (const batch of log.read(from, { follow: true })) {
    records.push(...batch);
    if (records.length >= count) break;
  }
  return records;
};
