import { statfs } from 'node:fs/promises';
import type { Finding } from '../../schemas/api/finding.ts';
import { examineCluster } from '../adapters/elasticsearch/examine-cluster.ts';
import { type EnterpriseSettings, readEnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import { readKeys } from '../adapters/files/folder-keys.ts';
import { takeStateSlot } from '../adapters/files/state-slot.ts';
import { connectKafka } from '../adapters/kafka/connect-kafka.ts';
import { examineTopics } from '../adapters/kafka/examine-topics.ts';
import { partitionsOf } from '../archiver/assign-all.ts';
import { errorTable, HoldfastError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { indexOptionsOf, kafkaOptionsOf, openEngines, topicProfileOf, wantedTopics } from './open-engines.ts';

const maxClockDifferenceMs = 1000;
const fewFreeBytes = 1024 ** 3;
/** Elasticsearch stops taking new shards at 85 and writes at 95 percent. */
const scarceShare = 0.15;

const ok = (area: Finding['area'], found: string): Finding => ({ area, state: 'ok', found });

const faultOf = (area: Finding['area'], error: unknown): Finding => {
  if (!(error instanceof HoldfastError)) return { area, state: 'fault', found: String(error) };
  const detail = typeof error.details.detail === 'string' ? error.details.detail : error.message;
  return { area, state: 'fault', found: detail, fix: errorTable[error.code].action };
};

/** Looks at everything an installation depends on and changes nothing; each finding says what to do. */
export async function* examine(configPath: string, clock: Clock): AsyncGenerator<Finding> {
  let settings: EnterpriseSettings;
  try {
    settings = await readEnterpriseSettings(configPath);
  } catch (error) {
    yield faultOf('configuration', error);
    return;
  }
  const { config } = settings;
  yield ok(
    'configuration',
    `installation ${config.installation}, profile ${config.profile}, ${config.partitions} partitions`,
  );
  yield await examineKeys(settings);
  const kafka = await gathered('Kafka', () => examineKafka(settings));
  yield* kafka.findings;
  const engine = await gathered('Elasticsearch', () => examineElasticsearch(settings, clock));
  yield* engine.findings;
  yield* await examineDisk(settings);
  const isComplete = kafka.isComplete && engine.isComplete;
  if (isComplete) yield* (await gathered('archive', () => examineArchive(settings))).findings;
}

interface Examined {
  readonly findings: readonly Finding[];
  /** There is an archive to look at. */
  readonly isComplete: boolean;
}

const gathered = async (area: Finding['area'], look: () => Promise<Examined>): Promise<Examined> => {
  try {
    return await look();
  } catch (error) {
    return { findings: [faultOf(area, error)], isComplete: false };
  }
};

const examineKeys = async ({ keysFolder }: EnterpriseSettings): Promise<Finding> => {
  try {
    const { keyId, warnings } = await readKeys(keysFolder, { readOnly: false });
    const [warning] = warnings;
    if (warning !== undefined) return { area: 'keys', state: 'warning', found: warning };
    return ok('keys', `tree heads are signed with key ${keyId}`);
  } catch (error) {
    try {
      const { keyId } = await readKeys(keysFolder, { readOnly: true });
      return ok(
        'keys',
        `public key ${keyId}; the private key is not here, so this machine cannot be the signer`,
      );
    } catch {
      return faultOf('keys', error);
    }
  }
};

const examineKafka = async (settings: EnterpriseSettings): Promise<Examined> => {
  await using connection = await connectKafka(kafkaOptionsOf(settings));
  const { missing, faults } = await examineTopics(
    connection,
    wantedTopics(settings),
    topicProfileOf(settings),
  );
  const findings: Finding[] = faults.map(({ topic, setting, expected, found, repair }) => ({
    area: 'Kafka',
    state: 'fault',
    found: `${topic}: ${setting} is ${found}, expected ${expected}`,
    fix: repair,
  }));
  const total = wantedTopics(settings).length;
  if (missing.length === total)
    findings.push({
      area: 'Kafka',
      state: 'warning',
      found: 'reached; it has no topic of this installation yet',
      fix: 'The first `holdfast serve` makes them.',
    });
  else if (missing.length > 0)
    findings.push({
      area: 'Kafka',
      state: 'fault',
      found: `topics are missing: ${missing.join(', ')}`,
      fix: 'If they were lost, restore them before anything is started: the next start makes empty ones.',
    });
  if (findings.length === 0) findings.push(ok('Kafka', `reached; all ${total} topics are as they must be`));
  for (const sentence of topicProfileOf(settings).cannotPromise)
    findings.push({ area: 'Kafka', state: 'warning', found: sentence });
  return { findings, isComplete: missing.length === 0 && faults.length === 0 };
};

const examineElasticsearch = async (settings: EnterpriseSettings, clock: Clock): Promise<Examined> => {
  const beforeMs = clock.now().getTime();
  const { nodes, index, health, faults } = await examineCluster(indexOptionsOf(settings));
  const afterMs = clock.now().getTime();
  const findings: Finding[] = faults.map((fault) => faultOf('Elasticsearch', fault));
  const versions = [...new Set(nodes.map(({ version }) => version))].join(', ');
  const reached = `reached; ${nodes.length === 1 ? 'one node' : `${nodes.length} nodes`} of version ${versions}`;
  if (health === 'red')
    findings.push({
      area: 'Elasticsearch',
      state: 'fault',
      found: `index ${index} is red: a part of it has no copy`,
      fix: 'Bring the missing node back, or `holdfast rebuild-index`.',
    });
  else if (health === 'yellow' && settings.config.profile === 'production')
    findings.push({
      area: 'Elasticsearch',
      state: 'warning',
      found: `index ${index} is yellow: not every copy is there`,
      fix: 'Bring the missing node back.',
    });
  if (findings.length === 0)
    findings.push(
      ok(
        'Elasticsearch',
        index === undefined
          ? `${reached}; the first start makes the index`
          : `${reached}; index ${index} is as it must be`,
      ),
    );
  for (const { name, freeBytes, totalBytes, clockMs } of nodes) {
    findings.push(diskFinding(`of node ${name}`, freeBytes, totalBytes));
    findings.push(clockFinding(name, clockMs, { beforeMs, afterMs }));
  }
  return { findings, isComplete: index !== undefined && faults.length === 0 };
};

const diskFinding = (where: string, freeBytes: number, totalBytes: number): Finding => {
  const found = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} are free on the disk ${where}`;
  if (freeBytes >= totalBytes * scarceShare && freeBytes >= fewFreeBytes) return ok('disk', found);
  return {
    area: 'disk',
    state: freeBytes < fewFreeBytes ? 'fault' : 'warning',
    found,
    fix: 'Free some, or add some: at 95 percent Elasticsearch takes no more writes.',
  };
};

const gigabytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** No decision compares clocks, but people compare times. */
const clockFinding = (
  name: string,
  clockMs: number,
  asked: { beforeMs: number; afterMs: number },
): Finding => {
  const differenceMs = Math.max(0, asked.beforeMs - clockMs, clockMs - asked.afterMs);
  const found = `the clock of node ${name} is ${differenceMs} ms from this machine's`;
  if (differenceMs <= maxClockDifferenceMs) return ok('clock', found);
  return { area: 'clock', state: 'warning', found, fix: 'Let both follow a time server.' };
};

const examineDisk = async ({ stateFolder }: EnterpriseSettings): Promise<readonly Finding[]> => {
  try {
    const { bavail, bsize, blocks } = await statfs(stateFolder);
    return [diskFinding(`of ${stateFolder}`, bavail * bsize, blocks * bsize)];
  } catch {
    return [ok('disk', `${stateFolder} is not there yet; the first start makes it`)];
  }
};

const examineArchive = async (settings: EnterpriseSettings): Promise<Examined> => {
  using slot = await takeStateSlot(settings.stateFolder);
  await using engines = await openEngines(settings, { stateFolder: slot.path, notice: () => undefined });
  const names = partitionsOf(engines.log).filter(({ stream }) => stream === 'im');
  const perPartition = await Promise.all(
    names.map(async (name) => {
      const [{ size }, end, { quarantined }] = await Promise.all([
        engines.ledger.frontier(name),
        engines.log.end('im', name.partition),
        engines.ledger.counts(name),
      ]);
      return { size, end, quarantined };
    }),
  );
  const sum = (pick: (one: (typeof perPartition)[number]) => number): number =>
    perPartition.reduce((total, one) => total + pick(one), 0);
  const pending = sum(({ end, size }) => end - size);
  const quarantined = sum((one) => one.quarantined);
  const { items } = await engines.index.counts();
  const [head] = await engines.ledger.heads(1);
  const findings: Finding[] = [
    pending > 0
      ? {
          area: 'archive',
          state: 'warning',
          found: `${pending} of ${sum(({ end }) => end)} events wait for an archiver`,
          fix: 'If the number does not fall, look after the processes with --role archiver.',
        }
      : ok('archive', `all ${sum(({ size }) => size)} events are accounted for; ${items} items in the index`),
    head === undefined
      ? {
          area: 'archive',
          state: 'warning',
          found: 'no tree head was signed yet',
          fix: 'Start a process with --role signer.',
        }
      : ok('archive', `the newest tree head was signed at ${head.signedAt}`),
  ];
  if (quarantined > 0)
    findings.push({
      area: 'archive',
      state: 'warning',
      found: `${quarantined} events could not be read`,
      fix: '`holdfast quarantine list` shows them.',
    });
  return { findings, isComplete: true };
};
