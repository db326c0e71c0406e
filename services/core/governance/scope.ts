import type { Scope } from '../../../schemas/events/governance-event.ts';
import type { ImEvent } from '../../../schemas/events/im-event.ts';
import type { Participant } from '../../../schemas/events/participant.ts';

export type ScopeDecision = { readonly archive: true } | { readonly archive: false; readonly reason: string };

/** Decides by the participants of the event itself; prepared once per scope, called once per event. */
export type ScopeTest = (event: ImEvent) => ScopeDecision;

const inScope: ScopeDecision = { archive: true };
const outOfScope: ScopeDecision = { archive: false, reason: 'nobody in scope took part' };

const foldName = (name: string): string => name.normalize('NFKC').toLowerCase();

/**
 * A conversation is archived for everyone who takes part as soon as one participant is in scope (Skype's rule for
 * group IM). Imported events are in scope by the audited act of importing.
 */
export const scopeTest = (scope: Scope): ScopeTest => {
  if (scope.who === 'everyone') return () => inScope;
  const listed = new Set(scope.users.map(foldName));
  const isListed = (person: Participant): boolean =>
    listed.has(foldName(person.address)) || listed.has(foldName(person.id));
  return (event) => {
    if (event.importid !== undefined) return inScope;
    const { actor, roster } = event.data;
    if (isListed(actor) || roster.members.some(isListed)) return inScope;
    if ('participant' in event.data && isListed(event.data.participant)) return inScope;
    return outOfScope;
  };
};
