import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { RangeProposal } from '../../schemas/archive/ledger.ts';
import type { Scope } from '../../schemas/events/governance-event.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { prepareHere } from '../../services/archiver/prepare-record.ts';
import { foldFact } from '../../services/core/item/fold-item.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { changeScope } from '../../services/governance/change-scope.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { Assignment } from '../../services/ports/assignment.ts';
import type { EventLog, LoggedRecord } from '../../services/ports/event-log.ts';
import type { Ledger, ProposalResult } from '../../services/ports/ledger.ts';
import { verifyArchive } from '../../services/verifier/verify-archive.ts';
import { bytesOf } from './event-builder.ts';

const partitions = { im: 1, governance: 1, audit: 1 } as const;
export const im = { stream: 'im', generation: 1, partition: 0 } as const;
export const nobody: Scope = { who: 'users', users: ['nobody@contoso.example'] };

/** A ledger beside which another archiver may win first. */
class RacedLedger extends MemoryLedger {
  beforePropose: (proposal: RangeProposal) => Promise<void> = async () => undefined;

  override async propose(proposal: RangeProposal): Promise<ProposalResult> {
    if (proposal.stream === 'im') await this.beforePropose(proposal);
    return super.propose(proposal);
  }
}

/** One log, ledger and index in memory, and as many archivers over them as a test wants. */
export const openShared = () => {
  const clock = new MemoryClock();
  const log = new MemoryEventLog({ partitions, clock });
  const ledger = new RacedLedger();
  const index = new MemoryArchiveIndex({ partitions: partitions.im });
  const random = new SeededRandom('scope');
  const archiver = (own: { log?: EventLog; ledger?: Ledger; assignment?: Assignment } = {}) =>
    new Archiver(
      {
        log: own.log ?? log,
        ledger: own.ledger ?? ledger,
        index,
        clock,
        prepare: prepareHere,
        governance: new GovernanceView(log),
      },
      own.assignment,
    );
  const append = async (...events: readonly (ImEvent | string)[]) => {
    const values = events.map((event) => (typeof event === 'string' ? Buffer.from(event) : bytesOf(event)));
    await log.append(
      'im',
      values.map((value) => ({ key: 'c1', value })),
    );
  };
  const setScope = (scope: Scope) =>
    changeScope(
      {
        log,
        governance: new GovernanceView(log),
        clock,
        random,
        installation: 'test',
      },
      'admin',
      { scope },
    );
  /** What an archiver would put for the records at these offsets, were they all of one item. */
  const itemOf = async (...offsets: number[]) => {
    const records = await log.get(offsets.map((offset) => ({ ...im, offset })));
    const folded = records.reduce<ReturnType<typeof foldFact> | undefined>(
      (item, record) => foldFact(item, factOf(record!)),
      undefined,
    );
    return toIndexDocument(folded!);
  };
  const outcomes = async () => {
    const { size } = await ledger.frontier(im);
    const entries = await ledger.entries(
      im,
      Array.from({ length: size }, (_, offset) => offset),
    );
    return entries.map((entry) => entry?.outcome);
  };
  return { clock, log, ledger, index, archiver, append, setScope, itemOf, outcomes };
};

const factOf = ({ value, position, loggedAt }: LoggedRecord) => ({
  event: JSON.parse(Buffer.from(value!).toString()) as ImEvent,
  generation: position.generation,
  partition: position.partition,
  offset: position.offset,
  loggedAt,
});

/** What `verify` says. */
export const differencesOf = async ({ log, ledger, index }: ReturnType<typeof openShared>) => {
  const { publicKey } = generateKeyPairSync('ed25519');
  for await (const step of verifyArchive({ log, ledger, index, publicKey, installation: 'test' }))
    if (step.kind === 'report') return step.report.differences;
  throw new Error('no report');
};

/** Archives what is logged and leaves. */
export const archiveAll = async (archiver: Archiver): Promise<void> => {
  archiver.start();
  await archiver.processAll();
  await archiver[Symbol.asyncDispose]();
};

/** The same log read one record at a time; one that `stops` gives only the first. */
export const inBatchesOfOne = (log: EventLog, stops?: 'stops'): EventLog => ({
  partitions: log.partitions,
  append: (stream, records) => log.append(stream, records),
  get: (positions) => log.get(positions),
  end: (stream, partition) => log.end(stream, partition),
  erase: (positions) => log.erase(positions),
  async *read(from, options) {
    for await (const batch of log.read(from, { ...options, maxRecords: 1 })) {
      yield batch;
      const mayEnd = stops === 'stops' && from.stream === 'im' && options?.signal !== undefined;
      if (mayEnd) await once(options.signal, 'abort');
    }
  },
  [Symbol.asyncDispose]: async () => undefined,
});
