import { generateKeyPairSync } from 'node:crypto';
import { MemoryArchiveIndex } from '../../services/adapters/memory/archive-index.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { MemoryLedger } from '../../services/adapters/memory/ledger.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import { Archiver } from '../../services/archiver/archiver.ts';
import { prepareHere } from '../../services/archiver/prepare-record.ts';
import { createAuditTrail } from '../../services/audit/audit-trail.ts';
import { signHead } from '../../services/core/ledger/head.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import type { Ledger } from '../../services/ports/ledger.ts';
import type { Archive } from '../../services/search-api/archive.ts';
import { createArchive } from '../../services/search-api/create-archive.ts';
import { signHeads } from '../../services/signer/sign-heads.ts';
import { verifyArchive } from '../../services/verifier/verify-archive.ts';

const partitions = { im: 4, governance: 1, audit: 1 } as const;
const installation = 'memory';

/** What outlives a process: in memory, whatever is handed to the next opening. */
export interface MemoryState {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
  readonly keys: ReturnType<typeof generateKeyPairSync>;
}

export const newMemoryState = (): MemoryState => ({
  log: new MemoryEventLog({ partitions, clock: systemClock }),
  ledger: new MemoryLedger(),
  index: new MemoryArchiveIndex({ partitions: partitions.im }),
  keys: generateKeyPairSync('ed25519'),
});

export const emptyMemoryIndex = (): ArchiveIndex => new MemoryArchiveIndex({ partitions: partitions.im });

export interface MemoryEdition extends AsyncDisposable {
  readonly archive: Archive;
}

/** The same services over memory adapters, in this thread. */
export const openMemory = async ({ log, ledger, index, keys }: MemoryState): Promise<MemoryEdition> => {
  const archiver = new Archiver({
    log,
    ledger,
    index,
    governance: new GovernanceView(log),
    prepare: prepareHere,
    clock: systemClock,
  });
  archiver.start();
  await archiver.caughtUp();
  const signer = { sign: (head: Parameters<typeof signHead>[1]) => signHead(keys.privateKey, head) };
  const archive = createArchive({
    log,
    ledger,
    index,
    archiver,
    audit: createAuditTrail({ log, clock: systemClock, random: systemRandom, installation }),
    governance: new GovernanceView(log),
    clock: systemClock,
    random: systemRandom,
    installation,
    timeZone: 'UTC',
    verify: async function* () {
      await signHeads({ log, ledger, signer, clock: systemClock, installation });
      yield* verifyArchive({ log, ledger, index, publicKey: keys.publicKey, installation });
    },
  });
  return { archive, [Symbol.asyncDispose]: () => archiver[Symbol.asyncDispose]() };
};
