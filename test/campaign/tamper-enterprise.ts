import { createPublicKey } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { indexNamesOf } from '../../services/adapters/elasticsearch/index-names.ts';
import { readKeys } from '../../services/adapters/files/folder-keys.ts';
import { enterpriseHeadKeeper } from '../../services/adapters/files/kept-head.ts';
import { openEngines } from '../../services/enterprise/open-engines.ts';
import { openVerifier } from '../../services/enterprise/verify-thread.ts';
import { verifyArchive } from '../../services/verifier/verify-archive.ts';
import { Dice } from '../support/dice.ts';
import { engines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { openEdition } from '../support/open-edition.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { reportOf } from '../support/verify-folder.ts';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.ts';
import { changeDocument } from './tamper/document-changes.ts';
import { changeElasticsearch, elasticsearchStore } from './tamper/elasticsearch-changes.ts';
import {
  changeHeadsTopic,
  changeLedgerTopic,
  changeLogTopic,
  type TopicChange,
} from './tamper/kafka-changes.ts';
import { openTopics, type Topics } from './tamper/kafka-topics.ts';
import { fillPart } from './tamper/specimen.ts';
import { Tally } from './tamper/tally.ts';
import { type Verdict, verdictOf } from './tamper/verdict.ts';

interface Tampering {
  readonly made: EnterpriseInstallation;
  readonly folder: string;
  readonly publicKeyPem: string;
  readonly seed: number;
  readonly tally: Tally;
}

/** Changes documents one after the other, verifies each, and puts it back. */
const tamperWithIndex = async (
  { made, folder, publicKeyPem, seed, tally }: Tampering,
  until: number,
): Promise<void> => {
  const { settings } = made;
  const { installation } = settings.config;
  await using opened = await openEngines(settings, { stateFolder: folder, notice: () => undefined });
  const keptHead = await (await enterpriseHeadKeeper(settings)).newest();
  const ports = { ...opened, publicKey: createPublicKey(publicKeyPem), installation, keptHead };
  const { read } = indexNamesOf(installation);
  const store = elasticsearchStore(engines()!.elasticsearch, indexNamesOf(installation).write);
  for (let n = 0; tally.attempted < until; n += 1) {
    const chance = new Dice(`tamper-index-${seed}-${n}`);
    const change =
      chance.below(2) === 0
        ? await changeDocument(opened.index, { partitions: settings.config.partitions, store }, chance)
        : await changeElasticsearch(engines()!.elasticsearch, read, chance);
    const verdict = await verdictOf(() => reportOf(verifyArchive(ports)));
    tally.judge('index', `seed ${seed} number index ${n}: ${change.what}`, change, verdict);
    await change.restore();
  }
  const { kind, ...rest } = await verdictOf(() => reportOf(verifyArchive(ports)));
  if (kind !== 'reported' || !('report' in rest) || !rest.report.ok)
    throw new Error(`the index was not put back: ${JSON.stringify(rest).slice(0, 1000)}`);
};

const changers = [changeLogTopic, changeLogTopic, changeLedgerTopic, changeLedgerTopic, changeHeadsTopic];

/** Replaces topics by changed ones; several changes are verified at once and told apart by what names them. */
const tamperWithTopics = async (tampering: Tampering, until: number): Promise<void> => {
  const { made, seed, tally } = tampering;
  const { installation } = made.settings.config;
  await using topics = await openTopics(made.settings);
  const dirty = new Set<string>();
  for (let n = 0; tally.attempted < until; n += 1) {
    const chance = new Dice(`tamper-topics-${seed}-${n}`);
    const changes: TopicChange[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      const change = chance.pick(changers)({ installation, contents: topics.contents }, chance);
      if (!changes.some(({ topic }) => streamOf(topic) === streamOf(change.topic))) changes.push(change);
    }
    await replaceTopics(topics, dirty, changes);
    const together = await verifyTopics(tampering);
    for (const change of changes) {
      const isTold =
        together.kind === 'reported' &&
        change.isNamedBy !== undefined &&
        together.report.differences.some(change.isNamedBy);
      if (!isTold) await replaceTopics(topics, dirty, [change]);
      const verdict = isTold ? together : await verifyTopics(tampering);
      tally.judge('topics', `seed ${seed} number topics ${n}: ${change.what}`, change, verdict);
    }
  }
};

/** Log and ledger of one stream name the same places. */
const streamOf = (topic: string): string => topic.replace('.ledger.', '.');

const replaceTopics = async (
  topics: Topics,
  dirty: Set<string>,
  changes: readonly TopicChange[],
): Promise<void> => {
  const changed = new Map(changes.map(({ topic, content }) => [topic, content]));
  for (const topic of new Set([...dirty, ...changed.keys()])) {
    await topics.replace(topic, changed.get(topic) ?? topics.contents.get(topic)!);
    if (changed.has(topic)) dirty.add(topic);
    else dirty.delete(topic);
  }
};

const verifyTopics = ({ made, folder, publicKeyPem }: Tampering): Promise<Verdict> =>
  verdictOf(async () => {
    await using verifier = await openVerifier({ settings: made.settings, publicKeyPem, stateFolder: folder });
    return await reportOf(verifier.verify());
  });

const run = async ({ seed, count, say = () => undefined }: CampaignOptions): Promise<CampaignResult> => {
  await using temporary = await temporaryFolder();
  await using made = await makeEnterprise();
  for (const part of ['first', 'second']) {
    await using edition = await openEdition(made.path);
    await fillPart(edition, part);
  }
  const { publicKeyPem } = await readKeys(made.settings.keysFolder, { readOnly: true });
  const folder = temporary.path;
  await mkdir(folder, { recursive: true });
  const tally = new Tally(say);
  const tampering = { made, folder, publicKeyPem, seed, tally };
  await tamperWithIndex(tampering, Math.ceil(count * 0.6));
  await tamperWithTopics(tampering, count);
  return tally.result();
};

export const tamperEnterpriseCampaign: Campaign = {
  name: 'tamper-enterprise',
  edition: 'enterprise',
  unit: 'changes',
  invariants: 'nothing missing, nothing changed: log, ledger, heads, index',
  counts: { test: 70, scoreboard: 350 },
  run,
};
