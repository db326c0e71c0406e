import type { EnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import { readKeys } from '../adapters/files/folder-keys.ts';
import { enterpriseHeadKeeper } from '../adapters/files/kept-head.ts';
import { takeStateSlot } from '../adapters/files/state-slot.ts';
import { joinArchivers } from '../adapters/kafka/assignment.ts';
import { topicNames } from '../adapters/kafka/topic-names.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { systemRandom } from '../adapters/system/random.ts';
import { Archiver, type ArchiverStatus } from '../archiver/archiver.ts';
import { DistantArchiver } from '../archiver/distant-archiver.ts';
import type { PrepareBatch } from '../archiver/prepare-record.ts';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { partitionsOf } from '../core/ledger/partitions-of.ts';
import { GovernanceView } from '../governance/governance-view.ts';
import type { Archive } from '../search-api/archive.ts';
import { createArchive } from '../search-api/create-archive.ts';
import { startSigning } from '../signer/start-signing.ts';
import { hostPreparer } from '../standard/prepare-thread.ts';
import { type Engines, kafkaOptionsOf, openEngines } from './open-engines.ts';
import { verifyInThread } from './verify-thread.ts';

export const roles = ['archiver', 'search-api', 'signer'] as const;
export type Role = (typeof roles)[number];

/** A busy index is not refreshed for every search; the certificate says up to where an answer is complete. */
const vectorMaxAgeMs = 1000;

export interface EnterpriseEdition extends AsyncDisposable {
  readonly engines: Engines;
  /** Of a process with the role `search-api`. */
  readonly archive: Archive | undefined;
  /** Of this process, whatever its roles. */
  status(): Promise<ArchiverStatus>;
  /** Resolves when everything in the log now is accounted for and searchable. */
  settled(): Promise<void>;
}

export interface EnterpriseOptions {
  readonly roles: readonly Role[];
  /** Told what this set-up cannot promise. */
  readonly notice: (text: string) => void;
  /** Take an index of another analyzer or mapping as it is, because it will be replaced; default false. */
  readonly forRebuild?: boolean;
  /** To look: topics and index are taken as they are; default false. */
  readonly asItIs?: boolean;
}

/** A process of the Enterprise Edition: the roles it has, over Kafka and Elasticsearch. */
export const openEnterprise = async (
  settings: EnterpriseSettings,
  { roles: wanted, notice, forRebuild = false, asItIs = false }: EnterpriseOptions,
): Promise<EnterpriseEdition> => {
  const resources = new AsyncDisposableStack();
  const has = (role: Role): boolean => wanted.includes(role);
  try {
    const slot = resources.use(await takeStateSlot(settings.stateFolder));
    const engines = resources.use(
      await openEngines(settings, { stateFolder: slot.path, notice, forRebuild, asItIs }),
    );
    const distant = new DistantArchiver({ ...engines, clock: systemClock });
    // Before the archiver, so that it ends after it: the last head covers the last range.
    if (has('signer')) {
      const { signer } = await readKeys(settings.keysFolder, { readOnly: false });
      const { installation } = settings.config;
      const keeper = await enterpriseHeadKeeper(settings);
      resources.defer(startSigning({ ...engines, signer, keeper, clock: systemClock, installation, notice }));
    }
    const archiver = has('archiver') ? await startArchiver(resources, settings, engines) : undefined;
    const archive = has('search-api')
      ? await openArchive(settings, { engines, distant, stateFolder: slot.path })
      : undefined;
    return {
      engines,
      archive,
      status: () => (archiver ?? distant).status(),
      settled: () => distant.processAll(),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

const startArchiver = async (
  resources: AsyncDisposableStack,
  settings: EnterpriseSettings,
  engines: Engines,
): Promise<Archiver> => {
  // Beside the thread that serves and writes: a third of the work, and it can take a processor of its own.
  const preparer = resources.use(await hostPreparer());
  const prepare: PrepareBatch = (records) => preparer.prepare(records);
  const assignment = await joinArchivers({
    kafka: kafkaOptionsOf(settings),
    topic: topicNames.archivers(settings.config.installation),
    partitions: partitionsOf(engines.log),
    clock: systemClock,
  });
  const archiver = resources.use(
    new Archiver(
      { ...engines, governance: new GovernanceView(engines.log), prepare, clock: systemClock },
      assignment,
    ),
  );
  archiver.start();
  return archiver;
};

interface ArchiveParts {
  readonly engines: Engines;
  readonly distant: DistantArchiver;
  readonly stateFolder: string;
}

const openArchive = async (
  settings: EnterpriseSettings,
  { engines, distant, stateFolder }: ArchiveParts,
): Promise<Archive> => {
  const { installation, timeZone = machineTimeZone() } = settings.config;
  const { publicKeyPem } = await readKeys(settings.keysFolder, { readOnly: true });
  const { log } = engines;
  return createArchive({
    ...engines,
    archiver: distant,
    audit: createAuditTrail({ log, clock: systemClock, random: systemRandom, installation }),
    governance: new GovernanceView(log),
    clock: systemClock,
    random: systemRandom,
    installation,
    timeZone,
    vectorMaxAgeMs,
    verify: () => verifyInThread({ settings, publicKeyPem, stateFolder }),
  });
};

const machineTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
