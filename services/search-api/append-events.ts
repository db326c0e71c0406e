import { hash } from 'node:crypto';
import { type AppendAnswer, type AppendResult, maxEventBytes } from '../../schemas/api/archive-operations.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { AppendedRecord, EventLog, NewRecord } from '../ports/event-log.ts';

/** The event loop is given back after this long, so that a large request does not hold up a search. */
const sliceMs = 3;

type Checked = { readonly record: NewRecord; readonly reason?: string } | { readonly refused: string };

/**
 * Appends one event a line and answers when all are durable. A line that cannot be read is logged as it is, so that
 * it is quarantined, counted and shown; only what exceeds the log's record size is refused.
 */
export const appendEvents = async (
  ports: { readonly log: EventLog; readonly clock: Clock },
  lines: readonly Uint8Array[],
): Promise<AppendAnswer> => {
  const checked: Checked[] = [];
  let sliceStart = ports.clock.monotonicMs();
  for (const line of lines) {
    checked.push(checkLine(line));
    if (ports.clock.monotonicMs() - sliceStart < sliceMs) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    sliceStart = ports.clock.monotonicMs();
  }
  const records = checked.flatMap((line) => ('record' in line ? [line.record] : []));
  const appended = records.length === 0 ? [] : await ports.log.append('im', records);
  return answer(checked, appended);
};

const checkLine = (line: Uint8Array): Checked => {
  if (line.byteLength > maxEventBytes)
    return { refused: `expected at most ${maxEventBytes} bytes in a line, found ${line.byteLength}` };
  const decoded = decodeEvent(line);
  if (decoded.ok) return { record: { key: decoded.event.data.conversation.id, value: line } };
  return { record: { key: hash('sha256', line, 'hex'), value: line }, reason: decoded.reason };
};

const answer = (checked: readonly Checked[], appended: readonly AppendedRecord[]): AppendAnswer => {
  let next = 0;
  const results = checked.map((line, at): AppendResult => {
    if ('refused' in line) return { line: at + 1, status: 'refused', reason: line.refused };
    const { position } = appended[next]!;
    next += 1;
    return line.reason === undefined
      ? { line: at + 1, status: 'accepted', position }
      : { line: at + 1, status: 'quarantined', position, reason: line.reason };
  });
  const count = (status: AppendResult['status']): number =>
    results.filter((result) => result.status === status).length;
  return {
    accepted: count('accepted'),
    quarantined: count('quarantined'),
    refused: count('refused'),
    results,
  };
};
