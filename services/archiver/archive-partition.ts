import { hash } from 'node:crypto';
import type { LeafEntry, RangeProposal } from '../../schemas/archive/ledger.ts';
import type { ItemId } from '../../schemas/ids.ts';
import { failpoint } from '../core/failpoint.ts';
import type { ScopeTest } from '../core/governance/scope.ts';
import { transformVersion } from '../core/item/fold-item.ts';
import { extendFrontier } from '../core/ledger/extend-frontier.ts';
import type { GovernanceView } from '../governance/governance-view.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog, LoggedRecord } from '../ports/event-log.ts';
import type { Frontier, Ledger, PartitionName } from '../ports/ledger.ts';
import { decideBatch, eventIdsOf, itemIdsOf } from './decide-batch.ts';
import { longestBatch } from './first-lacking.ts';
import { IndexSide } from './index-side.ts';
import type { PrepareBatch, PreparedRecord } from './prepare-record.ts';

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

export interface ArchivingOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (frontier: Frontier) => void;
  /** Resolves as soon as this process may put: at once unless another process may have been given the partition. */
  readonly mayPut: () => Promise<void>;
}

/**
 * Archives one partition from its frontier on, until the signal aborts. Order: index, range, read back, next; so
 * only the finished prefix is progress, and a crash anywhere leaves at most facts that the ledger does not account for.
 */
export const archivePartition = async (
  ports: ArchiverPorts,
  partition: PartitionName,
  { signal, onProgress, mayPut }: ArchivingOptions,
): Promise<void> => {
  let frontier = await ports.ledger.frontier(partition);
  const side = new IndexSide(ports, partition);
  if (partition.stream === 'im') await side.align(frontier.size);
  onProgress(frontier);
  for await (const batch of readAhead(ports, { ...partition, offset: frontier.size }, signal)) {
    failpoint('archiver.fetched');
    const prepared = await batch.prepared;
    failpoint('archiver.prepared');
    // After a lost race the winner's ranges are already applied: what they cover is not decided again, the rest is.
    for (let skip = restOf(batch, frontier); skip >= 0; skip = restOf(batch, frontier)) {
      await mayPut();
      const rest = { records: batch.records.slice(skip), prepared: prepared.slice(skip) };
      frontier = await archiveBatch(ports, side, { partition, frontier, ...rest });
      onProgress(frontier);
    }
  }
};

/** Where in a batch that begins which is not yet accounted for; negative where all is. */
const restOf = ({ records }: ReadBatch, { size }: Frontier): number =>
  records.findIndex(({ position }) => position.offset >= size);

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
  const options = { follow: true, maxRecords: longestBatch, signal: reading };
  const batches = ports.log.read(from, options)[Symbol.asyncIterator]();
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
  readonly partition: PartitionName;
  readonly frontier: Frontier;
  readonly records: readonly LoggedRecord[];
  readonly prepared: readonly PreparedRecord[];
}

const archiveBatch = async (ports: ArchiverPorts, side: IndexSide, batch: Batch): Promise<Frontier> => {
  const { partition, frontier, records } = batch;
  // Asked for after the batch was fetched: every command acknowledged before an event was appended is seen.
  const { offset: governanceOffset, inScope } = await ports.governance.decidedBy();
  const isData = partition.stream === 'im';
  const entries = isData ? await putBatch(ports, side, { batch, inScope }) : records.map(controlEntry);
  const next = extendFrontier(frontier, partition, entries);
  const proposal: RangeProposal = {
    ...partition,
    from: frontier.size,
    to: next.size,
    previousRoot: frontier.root,
    root: next.root,
    governanceOffset,
    entries: entries as LeafEntry[],
  };
  failpoint('archiver.put', isData);
  const result = await ports.ledger.propose(proposal);
  failpoint('archiver.range-won', isData && result.won);
  if (isData && result.won) await side.settle(proposal);
  if (isData && !result.won) await side.yield({ from: frontier.size, to: result.frontier.size }, next.size);
  return result.frontier;
};

const putBatch = async (
  ports: ArchiverPorts,
  side: IndexSide,
  { batch: { records, prepared }, inScope }: { readonly batch: Batch; readonly inScope: ScopeTest },
): Promise<readonly LeafEntry[]> => {
  const known = await ports.ledger.find(eventIdsOf(prepared));
  const items = await side.items(itemIdsOf(prepared, known));
  const occupied = new Set<ItemId>();
  for (;;) {
    const { entries, documents } = decideBatch(records, prepared, { known, items, occupied, inScope });
    failpoint('archiver.decided');
    const outcomes = await side.put(documents);
    const lost = documents.filter((_, at) => outcomes[at] === 'occupied');
    if (lost.length === 0) return entries;
    for (const document of lost) occupied.add(document.id);
  }
};

const controlEntry = (record: LoggedRecord): LeafEntry => ({
  offset: record.position.offset,
  outcome: 'control',
  valueHash: hash('sha256', record.value ?? '', 'hex'),
  transformVersion,
});
