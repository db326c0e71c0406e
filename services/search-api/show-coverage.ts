import type { Coverage } from '../../schemas/api/archive-operations.ts';
import type { OutcomeKind } from '../../schemas/archive/ledger.ts';
import type { ArchiverControl } from '../archiver/archiver.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Caller } from './archive.ts';
import type { Certifier, CertifyPorts } from './certify.ts';

export interface CoveragePorts extends CertifyPorts {
  readonly archiver: ArchiverControl;
  readonly audit: AuditTrail;
  readonly certifier: Certifier;
  readonly timeZone: string;
}

/** Every event of the log by what became of it, beside what the index holds. */
export const showCoverage = async (ports: CoveragePorts, caller: Caller): Promise<Coverage> => {
  await ports.certifier.offsets();
  // What is counted must be seen: the index is refreshed up to the ledger as it is now.
  await ports.certifier.advance();
  const standing = await ports.certifier.standing(ports.timeZone, await ports.certifier.offsets());
  const [auditOffset, { scope }, counts, status] = await Promise.all([
    ports.audit.append({
      actor: caller.actor.id,
      purpose: caller.purpose,
      action: 'coverage.view',
      detail: {},
    }),
    ports.governance.current(),
    ports.index.counts(),
    ports.archiver.status(),
  ]);
  const partitions = await Promise.all(
    standing.vector.offsets.map(async (searchable, partition) => {
      const name = { stream: 'im', generation: 1, partition } as const;
      const [logged, frontier, outcomes] = await Promise.all([
        ports.log.end('im', partition),
        ports.ledger.frontier(name),
        ports.ledger.counts(name),
      ]);
      return {
        partition,
        logged,
        accounted: frontier.size,
        searchable,
        outcomes: { ...outcomes },
        items: counts.perPartition[partition] ?? 0,
        root: frontier.root,
      };
    }),
  );
  const sum = (pick: (partition: (typeof partitions)[number]) => number): number =>
    partitions.reduce((total, partition) => total + pick(partition), 0);
  const kinds: readonly OutcomeKind[] = [
    'archived',
    'conflict',
    'duplicate',
    'refused',
    'quarantined',
    'control',
  ];
  const logged = sum((partition) => partition.logged);
  const accounted = sum((partition) => partition.accounted);
  return {
    installation: ports.installation,
    scope,
    partitions,
    totals: {
      logged,
      accounted,
      pending: Math.max(0, logged - accounted),
      items: counts.items,
      outcomes: Object.fromEntries(
        kinds.map((kind) => [kind, sum(({ outcomes }) => outcomes[kind] ?? 0)]),
      ) as Record<OutcomeKind, number>,
    },
    archiver: status,
    certificate: ports.certifier.certificate(standing, auditOffset),
  };
};
