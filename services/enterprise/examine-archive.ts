import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../schemas/api/finding.ts';
import type { EnterpriseSettings } from '../adapters/files/enterprise-settings.ts';
import { readKeys } from '../adapters/files/folder-keys.ts';
import { imPartitionsOf } from '../core/ledger/partitions-of.ts';
import { GovernanceView } from '../governance/governance-view.ts';
import { type Examined, ok } from './finding.ts';
import { openEngines } from './open-engines.ts';

/**
 * What is accounted for. Reads the whole ledger into a view of its own that goes again, so that it neither needs a state
 * folder nor changes one.
 */
export const examineArchive = async (settings: EnterpriseSettings): Promise<Examined> => {
  await using resources = new AsyncDisposableStack();
  const stateFolder = await mkdtemp(join(tmpdir(), 'holdfast-doctor-'));
  resources.defer(() => rm(stateFolder, { recursive: true, force: true }));
  const engines = resources.use(
    await openEngines(settings, { stateFolder, notice: () => undefined, asItIs: true }),
  );
  await new GovernanceView(engines.log).current();
  const names = imPartitionsOf(engines.log);
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
  const { keyId } = await readKeys(settings.keysFolder, { readOnly: true });
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
  if (head !== undefined && head.keyId !== keyId)
    findings.push({
      area: 'archive',
      state: 'fault',
      found: `the newest tree head was signed with key ${head.keyId}, but the key here is ${keyId}`,
      fix: 'Restore the keys that `holdfast init` made from their copy, on every machine; `holdfast verify` tells which heads are false.',
    });
  if (quarantined > 0)
    findings.push({
      area: 'archive',
      state: 'warning',
      found: `${quarantined === 1 ? 'one event' : `${quarantined} events`} could not be read`,
      fix: '`holdfast quarantine list` shows them.',
    });
  return { findings, isComplete: true };
};
