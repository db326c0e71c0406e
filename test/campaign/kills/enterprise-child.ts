import { readEnterpriseSettings } from '../../../services/adapters/files/enterprise-settings.ts';
import { readKeys } from '../../../services/adapters/files/folder-keys.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { systemRandom } from '../../../services/adapters/system/random.ts';
import { Archiver } from '../../../services/archiver/archiver.ts';
import { assignAll } from '../../../services/archiver/assign-all.ts';
import { createAuditTrail } from '../../../services/audit/audit-trail.ts';
import { GovernanceView } from '../../../services/governance/governance-view.ts';
import { createArchive } from '../../../services/search-api/create-archive.ts';
import { startSigning } from '../../../services/signer/start-signing.ts';
import { hostPreparer } from '../../../services/standard/prepare-thread.ts';
import type { Kill } from './kill-plan.ts';
import { openSharedEngines } from './open-shared-engines.ts';
import { runClient } from './run-client.ts';
import { shiftingAssignment } from './shifting-assignment.ts';

// Run as a child: all roles of the Enterprise Edition, but for the group, which gives a dead member's partitions to
// others only after seconds.
const [path = '', json = '{}', stateFolder = ''] = process.argv.slice(2);
const kill = JSON.parse(json) as Kill;
const settings = await readEnterpriseSettings(path);
const { installation } = settings.config;
const { signer } = await readKeys(settings.keysFolder, { readOnly: false });
const clock = systemClock;

await using engines = await openSharedEngines(settings, stateFolder);
await using ending = new AsyncDisposableStack();
ending.defer(startSigning({ ...engines, signer, clock, installation }));
await using preparer = await hostPreparer();
const governance = new GovernanceView(engines.log);
const assignment =
  kill.point === 'archiver.partition-lost' ? shiftingAssignment(engines.log) : assignAll(engines.log);
await using archiver = new Archiver(
  { ...engines, governance, prepare: (records) => preparer.prepare(records), clock },
  assignment,
);
archiver.start();
const archive = createArchive({
  ...engines,
  archiver,
  audit: createAuditTrail({ log: engines.log, clock, random: systemRandom, installation }),
  governance: new GovernanceView(engines.log),
  clock,
  random: systemRandom,
  installation,
  timeZone: 'UTC',
  verify: async function* () {},
});
await runClient({ archive, settled: () => archiver.processAll() }, kill);
process.stdin.destroy();
