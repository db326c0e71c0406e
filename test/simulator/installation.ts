import { generateKeyPairSync } from 'node:crypto';
import { KafkaEventLog } from '../../services/adapters/kafka/event-log.ts';
import { KafkaLedger } from '../../services/adapters/kafka/ledger.ts';
import type { MemoryLedgerView } from '../../services/adapters/memory/ledger-view.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { assertLogHolds, assertLogHoldsIndex } from '../../services/archiver/assert-log-holds.ts';
import { DistantArchiver } from '../../services/archiver/distant-archiver.ts';
import { prepareHere } from '../../services/archiver/prepare-record.ts';
import { createAuditTrail } from '../../services/audit/audit-trail.ts';
import { signHead } from '../../services/core/ledger/head.ts';
import { partitionsOf } from '../../services/core/ledger/partitions-of.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { Clock } from '../../services/ports/clock.ts';
import type { StreamName } from '../../services/ports/event-log.ts';
import type { HeadSigner } from '../../services/ports/head-signer.ts';
import type { Archive } from '../../services/search-api/archive.ts';
import { createArchive } from '../../services/search-api/create-archive.ts';
import { verifyArchive } from '../../services/verifier/verify-archive.ts';
import { Group } from './group.ts';
import { IndexEngine } from './index-engine.ts';
import { machineClock, type Network } from './network.ts';
import type { SimulatedProcess } from './scheduler.ts';
import { SimulatedIndex } from './simulated-index.ts';
import { Topic } from './topic.ts';
import { SimulatedTopicStream } from './topic-stream.ts';

const eraseTimes = { segmentMs: 2000, fileDeleteMs: 500, deadlineMs: 600_000 };
const streamNames = ['im', 'governance', 'audit'] as const;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** What outlives every process: topics, index, and each machine's disk and clock. */
export class Installation {
  readonly name = 'simulated';
  readonly network: Network;
  readonly partitions: Readonly<Record<StreamName, number>>;
  readonly streams: Readonly<Record<StreamName, Topic>>;
  readonly proposals: Readonly<Record<StreamName, Topic>>;
  readonly heads: Topic;
  readonly index: IndexEngine;
  readonly group: Group;
  readonly signer: HeadSigner = { sign: (head) => signHead(privateKey, head) };

  constructor(network: Network, imPartitions: number) {
    this.network = network;
    this.partitions = { im: imPartitions, governance: 1, audit: 1 };
    const topic = (name: string) => new Topic(name, network.scheduler);
    this.streams = { im: topic('im'), governance: topic('governance'), audit: topic('audit') };
    this.proposals = {
      im: topic('ledger im'),
      governance: topic('ledger governance'),
      audit: topic('ledger audit'),
    };
    this.heads = topic('heads');
    this.index = new IndexEngine(imPartitions);
    this.group = new Group(network, partitionsOf({ partitions: this.partitions }));
  }
}

/** A machine: its wall clock may be wrong, and what its disk keeps of the ledger may be old. */
export interface Machine {
  readonly name: string;
  readonly isArchiver: boolean;
  skewMs: number;
  view: MemoryLedgerView;
}

export interface OpenedProcess {
  /** Of a machine that archives. */
  readonly archiver: Archiver | undefined;
  readonly archive: Archive;
  readonly log: KafkaEventLog;
  readonly ledger: KafkaLedger;
  readonly index: SimulatedIndex;
  readonly clock: Clock;
}

/** Opens log, ledger and index as a process of the Enterprise Edition does, and makes the services over them. */
export const openProcess = async (
  shared: Installation,
  machine: Machine,
  process: SimulatedProcess,
): Promise<OpenedProcess> => {
  const { network, partitions, name: installation } = shared;
  const clock = machineClock(network, process, () => machine.skewMs);
  const open = (topic: Topic, unavailable: 'LogUnavailable' | 'LedgerUnavailable', hasUniqueKeys = false) =>
    new SimulatedTopicStream(process, network, topic, { unavailable, hasUniqueKeys });
  const each = (make: (name: StreamName) => SimulatedTopicStream) =>
    Object.fromEntries(streamNames.map((name) => [name, make(name)])) as Record<
      StreamName,
      SimulatedTopicStream
    >;
  const log = new KafkaEventLog({
    partitions,
    streams: each((name) => open(shared.streams[name], 'LogUnavailable', true)),
    erasures: { topic: 'im', times: async () => eraseTimes, clock },
  });
  const ledger = new KafkaLedger({
    streams: each((name) => open(shared.proposals[name], 'LedgerUnavailable')),
    heads: open(shared.heads, 'LedgerUnavailable'),
    partitions,
    view: machine.view,
    clock,
  });
  await ledger.start();
  await assertLogHolds(log, ledger);
  const index = new SimulatedIndex(process, network, shared.index);
  await assertLogHoldsIndex(log, index);
  const ports = { log, ledger, index, clock };
  const random = new SeededRandom(process.name);
  const archive = createArchive({
    ...ports,
    random,
    installation,
    archiver: new DistantArchiver(ports),
    audit: createAuditTrail({ log, clock, random, installation }),
    governance: new GovernanceView(log),
    timeZone: 'UTC',
    vectorMaxAgeMs: 1000,
    verify: () => verifyArchive({ log, ledger, index, publicKey, installation }),
  });
  const archiver = machine.isArchiver
    ? new Archiver(
        { ...ports, governance: new GovernanceView(log), prepare: prepareHere },
        shared.group.join(process),
      )
    : undefined;
  return { log, ledger, index, archive, archiver, clock };
};
