import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnterpriseSettings } from '../../../services/adapters/files/enterprise-settings.ts';
import { joinArchivers } from '../../../services/adapters/kafka/assignment.ts';
import { topicNames } from '../../../services/adapters/kafka/topic-names.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { Archiver } from '../../../services/archiver/archiver.ts';
import { prepareHere } from '../../../services/archiver/prepare-record.ts';
import { partitionsOf } from '../../../services/core/ledger/partitions-of.ts';
import { kafkaOptionsOf, openEngines } from '../../../services/enterprise/open-engines.ts';
import { GovernanceView } from '../../../services/governance/governance-view.ts';
import { type EnginePids, type RunFigures, startRun } from './run-figures.ts';
import { serveRuns } from './serve-runs.ts';

export interface ArchiverOrder {
  /** The configuration of an installation. */
  readonly path: string;
  /** An empty folder for its state. */
  readonly folder: string;
  readonly pids: EnginePids;
}

/** The archiver as services/enterprise composes it, until everything in the log is accounted for. */
const drain = async ({ path, folder, pids }: ArchiverOrder): Promise<RunFigures> => {
  const settings = await readEnterpriseSettings(path);
  const stateFolder = await mkdtemp(join(folder, 'state-'));
  try {
    await using engines = await openEngines(settings, { stateFolder, notice: () => undefined });
    const end = startRun(pids);
    const assignment = await joinArchivers({
      kafka: kafkaOptionsOf(settings),
      topic: topicNames.archivers(settings.config.installation),
      partitions: partitionsOf(engines.log),
      clock: systemClock,
    });
    const governance = new GovernanceView(engines.log);
    const ports = { ...engines, governance, prepare: prepareHere, clock: systemClock };
    await using archiver = new Archiver(ports, assignment);
    archiver.start();
    await archiver.processAll();
    return end();
  } finally {
    await rm(stateFolder, { recursive: true, force: true });
  }
};

await serveRuns(drain);
