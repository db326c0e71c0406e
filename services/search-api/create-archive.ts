import type { VerifyReport } from '../../schemas/api/archive-operations.ts';
import type { AuditAction } from '../../schemas/events/audit-event.ts';
import type { ArchiverControl } from '../archiver/archiver.ts';
import type { Steps } from '../archiver/steps.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { HoldfastError } from '../core/errors.ts';
import { claimWith } from '../core/ledger/claim-with.ts';
import { changeScope, readScope } from '../governance/change-scope.ts';
import type { GovernanceView } from '../governance/governance-view.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog, Position } from '../ports/event-log.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Random } from '../ports/random.ts';
import { appendEvents } from './append-events.ts';
import type { Archive, Caller } from './archive.ts';
import { Certifier } from './certify.ts';
import { listQuarantine, retryQuarantine } from './quarantine.ts';
import { runSearch } from './run-search.ts';
import { showCoverage } from './show-coverage.ts';
import { viewConversation, viewItem } from './view-conversation.ts';

export interface ArchivePorts {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly index: ArchiveIndex;
  readonly archiver: ArchiverControl;
  readonly audit: AuditTrail;
  readonly governance: GovernanceView;
  readonly clock: Clock;
  readonly random: Random;
  readonly installation: string;
  readonly timeZone: string;
  readonly verify: () => Steps<VerifyReport>;
  /** How old the vector of an answer may be; 0, the default, where refreshing the index costs nothing. */
  readonly vectorMaxAgeMs?: number;
}

/** The archive in process: every operation over the ports, each read and change audited. */
export const createArchive = (given: ArchivePorts): Archive => {
  const { audit } = given;
  const certifier = new Certifier(given);
  const ports = { ...given, certifier };
  const record = (
    caller: Caller,
    action: AuditAction,
    detail: Parameters<typeof audit.append>[0]['detail'] = {},
  ) => audit.append({ actor: caller.actor.id, purpose: caller.purpose, action, detail });
  return {
    search: (caller, request) => runSearch(ports, caller, request),
    item: (caller, id) => viewItem(ports, caller, id),
    conversation: (caller, id, request) => viewConversation(ports, caller, { id, request }),
    coverage: (caller) => showCoverage(ports, caller),
    append: (lines) => appendEvents(ports, lines),
    known: async (events) => {
      const found = await ports.ledger.find(events.map(({ id }) => id));
      return events.map(({ id, contentHash }) => claimWith(found.get(id), contentHash) !== undefined);
    },
    outcomes: (positions) => outcomesOf(ports, positions),
    note: async (caller, note) => {
      await record({ ...caller, purpose: note.purpose }, note.action, note.detail);
    },
    quarantine: async (caller, after, limit) => {
      await record(caller, 'quarantine.view', { limit });
      return listQuarantine(ports, after, limit);
    },
    retryQuarantine: async (caller) => {
      await record(caller, 'quarantine.retry');
      const report = await retryQuarantine(ports);
      await certifier.advance();
      return report;
    },
    scope: async (caller) => {
      await record(caller, 'scope.view');
      return readScope(ports);
    },
    setScope: async (caller, request) => {
      const { scope } = request;
      await record(caller, 'scope.set', {
        who: scope.who,
        users: scope.who === 'users' ? scope.users.length : 0,
      });
      return changeScope(ports, caller.actor.id, request);
    },
    verify: (caller) => afterAudit(() => record(caller, 'verify'), ports.verify),
    rebuildIndex: (caller) =>
      afterAudit(
        () => record(caller, 'index.rebuild'),
        () => ports.archiver.rebuild(),
      ),
    readiness: async () => {
      const { state, failure } = await ports.archiver.status();
      return state === 'running'
        ? { ready: true }
        : { ready: false, reason: failure ?? 'the archiver does not run' };
    },
  };
};

async function* afterAudit<Report>(
  append: () => Promise<unknown>,
  begin: () => Steps<Report>,
): Steps<Report> {
  await append();
  yield* begin();
}

const outcomesOf = async (
  ports: ArchivePorts & { readonly certifier: Certifier },
  positions: Parameters<Archive['outcomes']>[0],
): ReturnType<Archive['outcomes']> => {
  const outcomes: Awaited<ReturnType<Archive['outcomes']>>[number][] = new Array(positions.length);
  const byPartition = Map.groupBy(positions.entries(), ([, { partition }]) => partition);
  for (const [partition, places] of byPartition) {
    const name = { stream: 'im', generation: 1, partition } as const;
    const offsets = places.map(([, { offset }]) => offset);
    await assertLogged(
      ports.log,
      places.map(([, position]) => position),
    );
    await ports.archiver.waitFor(name, Math.max(...offsets) + 1);
    const entries = await ports.ledger.entries(name, offsets);
    for (const [at, [index]] of places.entries()) {
      const { outcome, reason } = entries[at]!;
      outcomes[index] = { outcome, ...(reason === undefined ? {} : { reason }) };
    }
  }
  await ports.certifier.advance();
  return outcomes;
};

/** Of one partition. Who asks for what was never logged would wait, and be kept here, for ever. */
const assertLogged = async (log: EventLog, positions: readonly Position[]): Promise<void> => {
  const { partition } = positions[0]!;
  const end = partition < log.partitions.im ? await log.end('im', partition) : 0;
  const unknown = positions.find(
    ({ stream, generation, offset }) => stream !== 'im' || generation !== 1 || offset >= end,
  );
  if (unknown !== undefined)
    throw new HoldfastError('BadRequest', {
      detail: `Nothing is logged at ${unknown.stream} ${partition}/${unknown.offset}; expected positions of an append's answer.`,
    });
};
