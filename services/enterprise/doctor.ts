import { statfs } from 'node:fs/promises';
import type { Finding } from '../../schemas/api/finding.ts';
import { type EnterpriseSettings, readEnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import { hasSystemCode } from '../adapters/files/folder-fault.ts';
import { readKeys } from '../adapters/files/folder-keys.ts';
import { examineStateSlots } from '../adapters/files/state-slot.ts';
import { connectKafka } from '../adapters/kafka/connect-kafka.ts';
import { examineTopics } from '../adapters/kafka/examine-topics.ts';
import type { Clock } from '../ports/clock.ts';
import { examineArchive } from './examine-archive.ts';
import { examineElasticsearch } from './examine-elasticsearch.ts';
import { diskFinding, type Examined, faultOf, gathered, ok } from './finding.ts';
import { kafkaOptionsOf, topicProfileOf, wantedTopics } from './open-engines.ts';

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
  // Both at once: one that does not answer is waited for.
  const engine = gathered('Elasticsearch', () => examineElasticsearch(settings, clock));
  const kafka = await gathered('Kafka', () => examineKafka(settings));
  yield* kafka.findings;
  const { findings, isComplete } = await engine;
  yield* findings;
  if (kafka.isNew === true && isComplete) yield logIsLost;
  yield* (await gathered('disk', () => examineState(settings))).findings;
  if (kafka.isComplete && isComplete)
    yield* (await gathered('archive', () => examineArchive(settings))).findings;
}

const examineKeys = async ({ keysFolder }: EnterpriseSettings): Promise<Finding> => {
  try {
    const { keyId, warnings } = await readKeys(keysFolder, { readOnly: false });
    const [warning] = warnings;
    if (warning !== undefined)
      return { area: 'keys', state: 'warning', found: warning, fix: 'chmod 600 takes that right away.' };
    return ok('keys', `tree heads are signed with key ${keyId}`);
  } catch (error) {
    return (await publicKeyAlone(keysFolder, error)) ?? faultOf('keys', error);
  }
};

/** Archivers and search APIs need no private key; one that is there and cannot be used is a fault all the same. */
const publicKeyAlone = async (keysFolder: string, error: unknown): Promise<Finding | undefined> => {
  if (!(error instanceof Error) || !hasSystemCode(error.cause, 'ENOENT')) return undefined;
  const keys = await readKeys(keysFolder, { readOnly: true }).catch(() => undefined);
  return (
    keys &&
    ok('keys', `public key ${keys.keyId}; the private key is not here, so this machine cannot be the signer`)
  );
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
  return {
    findings,
    isComplete: missing.length === 0 && faults.length === 0,
    isNew: missing.length === total,
  };
};

const logIsLost: Finding = {
  area: 'Kafka',
  state: 'fault',
  found: 'there is an index of this installation, but no topic: Kafka lost them, or is another cluster',
  fix: 'Name the cluster that belongs to the index, or restore its topics, before anything is started.',
};

const examineState = async ({ stateFolder }: EnterpriseSettings): Promise<Examined> => {
  const { held } = await examineStateSlots(stateFolder);
  const processes = held === 1 ? 'one process keeps' : `${held} processes keep`;
  const findings = held === 0 ? [] : [ok('disk', `${processes} state in ${stateFolder}`)];
  try {
    const { bavail, bsize, blocks } = await statfs(stateFolder);
    return {
      findings: [...findings, diskFinding(`of ${stateFolder}`, bavail * bsize, blocks * bsize)],
      isComplete: true,
    };
  } catch {
    return {
      findings: [ok('disk', `${stateFolder} is not there yet; the first start makes it`)],
      isComplete: true,
    };
  }
};
