import type { QuarantineAnswer, QuarantineEntry, RetryReport } from '../../schemas/api/archive-operations.ts';
import type { LeafEntry } from '../../schemas/archive/ledger.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import type { ArchiverControl } from '../archiver/archiver.ts';
import { decodeEvent } from '../core/conversation/decode-event.ts';
import { HoldfastError } from '../core/errors.ts';
import { itemIdOf } from '../core/item/facts.ts';
import { claimWith } from '../core/ledger/claim-with.ts';
import { imPartitionsOf } from '../core/ledger/partitions-of.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';

export interface QuarantinePorts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
  readonly archiver: ArchiverControl;
}

/** Each may be the largest record there is. */
const pageSize = 32;

interface Quarantined {
  readonly entry: LeafEntry;
  readonly record: LoggedRecord | undefined;
}

/** What could not be understood, with its bytes, position and reason, in order of partition and offset. */
export const listQuarantine = async (
  ports: QuarantinePorts,
  after: string | undefined,
  limit: number,
): Promise<QuarantineAnswer> => {
  const from = after === undefined ? { partition: 0, offset: 0 } : readPlace(after);
  const entries: QuarantineEntry[] = [];
  for await (const quarantined of walk(ports, from)) {
    if (entries.length === limit) {
      const { partition, offset } = entries.at(-1)!.position;
      return { total: await total(ports), entries, next: `${partition}/${offset + 1}` };
    }
    entries.push(await describe(ports, quarantined));
  }
  return { total: await total(ports), entries };
};

/**
 * Reads the quarantine again, as after an upgrade: what is understood now is logged anew, byte for byte, and so
 * archived with the outcome it deserves; the first outcome stays in the ledger for ever.
 */
export const retryQuarantine = async (ports: QuarantinePorts): Promise<RetryReport> => {
  let tried = 0;
  let redriven = 0;
  let already = 0;
  for await (const { record } of walk(ports, { partition: 0, offset: 0 })) {
    tried += 1;
    const readable = record?.value == null ? undefined : decodeEvent(record.value);
    if (record?.value == null || readable?.ok !== true) continue;
    if (await isKnown(ports.ledger, readable.event.id, readable.contentHash)) already += 1;
    else if (await hasPlace(ports.index, readable.event)) {
      const [appended] = await ports.log.append('im', [
        { key: readable.event.data.conversation.id, value: record.value },
      ]);
      const { partition, offset } = appended!.position;
      await ports.archiver.waitFor({ stream: 'im', generation: 1, partition }, offset + 1);
      redriven += 1;
    }
  }
  return { tried, redriven, stillUnreadable: tried - redriven - already };
};

async function* walk(
  ports: QuarantinePorts,
  from: { partition: number; offset: number },
): AsyncGenerator<Quarantined> {
  for (let partition = from.partition; partition < ports.log.partitions.im; partition += 1) {
    const name = { stream: 'im', generation: 1, partition } as const;
    // What a retry logs anew is beyond the end as of now, so that it cannot feed itself.
    const { size } = await ports.ledger.frontier(name);
    for (let offset = partition === from.partition ? from.offset : 0; offset < size; ) {
      const entries = await ports.ledger.quarantined(name, offset, pageSize);
      const records = await ports.log.get(entries.map((entry) => ({ ...name, offset: entry.offset })));
      for (const [at, entry] of entries.entries())
        if (entry.offset < size) yield { entry, record: records[at] };
      if (entries.length < pageSize) break;
      offset = entries.at(-1)!.offset + 1;
    }
  }
}

const describe = async (ports: QuarantinePorts, { entry, record }: Quarantined): Promise<QuarantineEntry> => {
  const readable = record?.value == null ? undefined : decodeEvent(record.value);
  const partition = record?.position.partition ?? 0;
  return {
    position: { stream: 'im', generation: 1, partition, offset: entry.offset },
    reason: entry.reason ?? '',
    valueHash: entry.valueHash,
    ...(record?.value == null ? {} : { bytes: Buffer.from(record.value).toString('base64') }),
    ...(entry.eventId === undefined ? {} : { eventId: entry.eventId }),
    redriven: readable?.ok === true && (await isKnown(ports.ledger, readable.event.id, readable.contentHash)),
  };
};

const isKnown = async (ledger: Ledger, id: string, contentHash: string): Promise<boolean> =>
  claimWith((await ledger.find([id])).get(id), contentHash) !== undefined;

/** A readable event was quarantined because its item was another conversation's; only a change there gives it a place. */
const hasPlace = async (index: ArchiveIndex, event: ImEvent): Promise<boolean> => {
  const [item] = await index.get([itemIdOf(event)]);
  return item === undefined || item.conversation.id === event.data.conversation.id;
};

const total = async ({ log, ledger }: QuarantinePorts): Promise<number> => {
  const partitions = imPartitionsOf(log);
  const counts = await Promise.all(partitions.map((partition) => ledger.counts(partition)));
  return counts.reduce((sum, { quarantined }) => sum + quarantined, 0);
};

const readPlace = (text: string): { partition: number; offset: number } => {
  const match = /^(\d{1,4})\/(\d{1,15})$/.exec(text);
  if (match === null)
    throw new HoldfastError('BadRequest', {
      detail: '`after` is not a place: expected the `next` of an earlier answer.',
    });
  return { partition: Number(match[1]), offset: Number(match[2]) };
};
