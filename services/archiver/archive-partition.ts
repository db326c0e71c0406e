import { hash } from 'node:crypto';
import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry, RangeProposal } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { transformVersion } from '../core/item/fold-item.ts';
import { extendFrontier } from '../core/ledger/extend-frontier.ts';
import type { GovernanceView } from '../governance/governance-view.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Frontier, Ledger, PartitionName } from '../ports/ledger.ts';
import { type BatchDecision, decideBatch, eventIdsOf, itemIdsOf } from './decide-batch.ts';
import type { PrepareBatch, PreparedRecord } from './prepare-record.ts';
import { readRange } from './read-range.ts';
import { replayRange } from './replay-range.ts';

export interface ArchiverPorts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
  readonly governance: GovernanceView;
  readonly prepare: PrepareBatch;
  readonly clock: Clock;
}

/** A batch whose costly part was begun as soon as it was read. */
interface ReadBatch {
  readonly records: readonly LoggedRecord[];
  readonly prepared: Promise<readonly PreparedRecord[]>;
}

/**
 * Archives one partition from its frontier on, until the signal aborts. Order: index, range, read back, next; so
 * only the finished prefix is progress, and a crash anywhere leaves at most items that the next start removes.
 */
export const archivePartition = async (
  ports: ArchiverPorts,
  partition: PartitionName,
  options: { signal: AbortSignal; onProgress: (frontier: Frontier) => void },
): Promise<void> => {
  let frontier = await ports.ledger.frontier(partition);
  if (partition.stream === 'im') await alignIndex(ports, partition, frontier.size);
  options.onProgress(frontier);
  for await (const batch of readAhead(ports, { ...partition, offset: frontier.size }, options.signal)) {
    // After a lost race the winner's ranges are already applied; what they cover is not decided again.
    const skip = batch.records.findIndex((record) => record.position.offset >= frontier.size);
    if (skip < 0) continue;
    const records = batch.records.slice(skip);
    const prepared = (await batch.prepared).slice(skip);
    frontier = await archiveBatch(ports, partition, { frontier, records, prepared });
    options.onProgress(frontier);
  }
};

/**
 * Brings the index to the ledger: what a crash left beyond it goes, what an absent or older copy lacks is replayed.
 * Batches are put in order, so everything below the watermark is there.
 */
const alignIndex = async (ports: ArchiverPorts, partition: PartitionName, size: number): Promise<void> => {
  await ports.index.removeUnaccounted(partition.partition, size);
  const watermarks = await ports.index.searchableWatermark();
  const from = Math.min(watermarks[partition.partition] ?? 0, size);
  if (from < size) await replay(ports, partition, { from, to: size });
};

/** Keeps one batch ahead, so that reading and preparing overlap with writing. */
async function* readAhead(
  ports: ArchiverPorts,
  from: PartitionName & { offset: number },
  signal: AbortSignal,
): AsyncGenerator<ReadBatch> {
  const prepare = from.stream === 'im' ? ports.prepare : async () => [];
  // A batch asked for ahead may wait for ever; leaving early must not wait with it.
  const leaving = new AbortController();
  const reading = AbortSignal.any([signal, leaving.signal]);
  const batches = ports.log.read(from, { follow: true, signal: reading })[Symbol.asyncIterator]();
  const fetch = async (): Promise<ReadBatch | undefined> => {
    const { done, value } = await batches.next();
    return done === true ? undefined : { records: value, prepared: observed(prepare(value)) };
  };
  try {
    for (let next = observed(fetch()); ; ) {
      const batch = await next;
      if (batch === undefined) return;
      next = observed(fetch());
      yield batch;
    }
  } finally {
    leaving.abort();
    await batches.return?.();
  }
}

/** A promise awaited later: its failure is then seen, and until then is not an unhandled one. */
const observed = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined);
  return promise;
};

interface Batch {
  readonly frontier: Frontier;
  readonly records: readonly LoggedRecord[];
  readonly prepared: readonly PreparedRecord[];
}

const archiveBatch = async (
  ports: ArchiverPorts,
  partition: PartitionName,
  batch: Batch,
): Promise<Frontier> => {
  const { frontier, records } = batch;
  // Asked for after the batch was fetched: every command acknowledged before an event was appended is seen.
  const governance = await ports.governance.current();
  const entries =
    partition.stream === 'im' ? await putBatch(ports, batch) : records.map((record) => controlEntry(record));
  const next = extendFrontier(frontier, partition, entries);
  const proposal: RangeProposal = {
    ...partition,
    from: frontier.size,
    to: next.size,
    previousRoot: frontier.root,
    root: next.root,
    governanceOffset: governance.offset,
    entries: [...entries],
  };
  const result = await ports.ledger.propose(proposal);
  if (!result.won) await applyWinners(ports, partition, { from: frontier.size, to: result.frontier.size });
  return result.frontier;
};

const putBatch = async (
  ports: ArchiverPorts,
  { records, prepared }: Batch,
): Promise<readonly LeafEntry[]> => {
  const known = await ports.ledger.find(eventIdsOf(prepared));
  const items = new Map<ItemId, Item>();
  for (const item of await ports.index.get(itemIdsOf(prepared, known)))
    if (item !== undefined) items.set(item.id, item);
  const occupied = new Set<ItemId>();
  for (;;) {
    const decision: BatchDecision = decideBatch(records, prepared, {
      known,
      items,
      occupied,
      inScope: ports.governance.inScope,
    });
    const outcomes = await ports.index.put(decision.documents);
    const lost = decision.documents.filter((_, at) => outcomes[at] === 'occupied');
    if (lost.length === 0) return decision.entries;
    for (const document of lost) occupied.add(document.id);
  }
};

const controlEntry = (record: LoggedRecord): LeafEntry => ({
  offset: record.position.offset,
  outcome: 'control',
  valueHash: hash('sha256', record.value ?? '', 'hex'),
  transformVersion,
});

/** Brings the index to what the winner of a race recorded: our own puts may differ from its outcomes. */
const applyWinners = async (
  ports: ArchiverPorts,
  partition: PartitionName,
  range: { from: number; to: number },
): Promise<void> => {
  if (partition.stream !== 'im') return;
  await ports.index.removeUnaccounted(partition.partition, range.from);
  await replay(ports, partition, range);
};

const replay = async (
  ports: ArchiverPorts,
  partition: PartitionName,
  range: { from: number; to: number },
): Promise<void> => {
  for await (const { records, entries } of readRange(ports, partition, range)) {
    await replayRange(records, entries, ports.index);
  }
};
