import type { AuditAction, AuditEvent } from '../../schemas/events/audit-event.ts';
import { currentSchemaVersion } from '../../schemas/events/im-event.ts';
import type { EventId } from '../../schemas/ids.ts';
import { HoldfastError } from '../core/errors.ts';
import { failpoint } from '../core/failpoint.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Random } from '../ports/random.ts';

export interface AuditEntry {
  readonly actor: string;
  readonly purpose: string;
  readonly action: AuditAction;
  /** What was asked: query text, item id …; never message bodies. */
  readonly detail: AuditEvent['data']['detail'];
}

/** Appends to the audit stream. Nothing that was read or changed is answered before its entry is durable. */
export interface AuditTrail {
  /** Resolves with the offset of the entry; `AuditUnavailable` means that the answer must be withheld. */
  append(entry: AuditEntry): Promise<number>;
}

export const createAuditTrail = (ports: {
  log: EventLog;
  clock: Clock;
  random: Random;
  installation: string;
}): AuditTrail => ({
  append: async (entry) => {
    const event: AuditEvent = {
      specversion: '1.0',
      id: Buffer.from(ports.random.bytes(16)).toString('hex') as EventId,
      source: `urn:holdfast:${ports.installation}:audit`,
      type: 'holdfast.audit.entry',
      schemaversion: currentSchemaVersion,
      data: { ...entry, at: ports.clock.now().toISOString() },
    };
    try {
      const appending = ports.log.append('audit', [
        { key: 'audit', value: Buffer.from(JSON.stringify(event)) },
      ]);
      failpoint('audit.append-sent');
      const [appended] = await appending;
      return appended!.position.offset;
    } catch (cause) {
      throw new HoldfastError('AuditUnavailable', {}, { cause });
    }
  },
});

/** For a data folder that cannot be written: reads are answered with the offset their entry would have had. */
export const createUnwritableAuditTrail = (log: Pick<EventLog, 'end'>): AuditTrail => ({
  append: () => log.end('audit', 0),
});
