import type { ScopeAnswer, SetScopeRequest } from '../../schemas/api/archive-operations.ts';
import type { GovernanceEvent } from '../../schemas/events/governance-event.ts';
import { currentSchemaVersion } from '../../schemas/events/im-event.ts';
import type { EventId } from '../../schemas/ids.ts';
import { HoldfastError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Random } from '../ports/random.ts';
import type { GovernanceView } from './governance-view.ts';

export interface ScopePorts {
  readonly log: EventLog;
  readonly governance: GovernanceView;
  readonly clock: Clock;
  readonly random: Random;
  readonly installation: string;
}

export const readScope = async ({ governance }: Pick<ScopePorts, 'governance'>): Promise<ScopeAnswer> => {
  const { scope, scopeVersion, offset } = await governance.current();
  return { scope, version: scopeVersion, governanceOffset: offset };
};

/**
 * Appends the command and answers once it was applied here; a lost race is a `Conflict`. Who names no version expects the
 * present one: a command whose answer was lost, and which is stored after a later one, changes nothing.
 */
export const changeScope = async (
  ports: ScopePorts,
  actor: string,
  request: SetScopeRequest,
): Promise<ScopeAnswer> => {
  const id = request.commandId ?? (Buffer.from(ports.random.bytes(16)).toString('hex') as EventId);
  const expectedVersion = request.expectedVersion ?? (await ports.governance.current()).scopeVersion;
  const event: GovernanceEvent = {
    specversion: '1.0',
    id,
    source: `urn:holdfast:${ports.installation}:governance`,
    type: 'holdfast.governance.scope.set',
    schemaversion: currentSchemaVersion,
    data: {
      actor,
      at: ports.clock.now().toISOString(),
      scope: request.scope,
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      expectedVersion,
    },
  };
  await ports.log.append('governance', [{ key: 'governance', value: Buffer.from(JSON.stringify(event)) }]);
  const { commands } = await ports.governance.current();
  const outcome = commands.get(id);
  if (outcome?.accepted !== true)
    throw new HoldfastError('Conflict', { detail: outcome?.reason ?? 'The command was not applied.' });
  return readScope(ports);
};
