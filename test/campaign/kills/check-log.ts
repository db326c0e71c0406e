import { GovernanceEvent } from '../../../schemas/events/governance-event.ts';
import { partitionsOf } from '../../../services/core/ledger/partitions-of.ts';
import type { EventLog, LoggedRecord, StreamName } from '../../../services/ports/event-log.ts';
import type { History } from './history.ts';

/** Every record of a stream, partition by partition. */
export const readStream = async (log: EventLog, stream: StreamName): Promise<LoggedRecord[][]> => {
  const found: LoggedRecord[][] = [];
  for (const name of partitionsOf(log).filter((one) => one.stream === stream)) {
    const records: LoggedRecord[] = [];
    for await (const batch of log.read({ ...name, offset: 0 })) records.push(...batch);
    found.push(records);
  }
  return found;
};

/** I1, I3: what was acknowledged stands where it was said, in order; nothing else is there but what was sent. */
export const checkLog = (records: readonly LoggedRecord[][], { sent }: History): string[] => {
  const faults: string[] = [];
  const newest = new Map<number, number>();
  const most = new Map<string, number>();
  const least = new Map<string, number>();
  for (const { lines, positions } of sent) {
    for (const [at, line] of lines.entries()) {
      const bytes = line.toString('base64');
      most.set(bytes, (most.get(bytes) ?? 0) + 1);
      if (positions === undefined) continue;
      least.set(bytes, (least.get(bytes) ?? 0) + 1);
      const { partition, offset } = positions[at]!;
      const where = `${partition}/${offset}`;
      const value = records[partition]?.[offset]?.value;
      if (value == null || !line.equals(value)) faults.push(`I1: the acknowledged event ${where} is lost`);
      if (offset <= (newest.get(partition) ?? -1)) faults.push(`I3: ${where} was appended out of order`);
      newest.set(partition, offset);
    }
  }
  const found = new Map<string, number>();
  for (const { value } of records.flat()) {
    const bytes = Buffer.from(value ?? []).toString('base64');
    found.set(bytes, (found.get(bytes) ?? 0) + 1);
  }
  for (const [bytes, count] of found)
    if (count > (most.get(bytes) ?? 0) || count < (least.get(bytes) ?? 0))
      faults.push(`I1: ${Buffer.from(bytes, 'base64').toString().slice(0, 80)} is logged ${count} times`);
  return faults;
};

/** I8: each answered read has its entry, and no read has two. */
export const checkAudit = ([records = []]: readonly LoggedRecord[][], { reads }: History): string[] => {
  const entries = new Map<string, number>();
  for (const { value } of records) {
    const { purpose } = (JSON.parse(Buffer.from(value ?? []).toString()) as { data: { purpose: string } })
      .data;
    entries.set(purpose, (entries.get(purpose) ?? 0) + 1);
  }
  return [...reads].flatMap(([purpose, isAnswered]) => {
    const count = entries.get(purpose) ?? 0;
    const isRight = isAnswered ? count === 1 : count <= 1;
    return isRight ? [] : [`I8: ${purpose} (answered: ${isAnswered}) has ${count} audit entries`];
  });
};

/** The commands that set the scope, in order. */
export const scopesIn = ([records = []]: readonly LoggedRecord[][]) =>
  records.map(({ value }) => GovernanceEvent.parse(JSON.parse(Buffer.from(value!).toString())).data.scope);
