import type { Scope } from '../../../schemas/events/governance-event.ts';
import type { ImEvent } from '../../../schemas/events/im-event.ts';

export type ScopeDecision = { readonly archive: true } | { readonly archive: false; readonly reason: string };

/** What a scope decision looks at: who took part, and whether the event was imported. */
export interface ScopeFacts {
  readonly imported: boolean;
  /** Folded addresses and person ids of everybody who took part. */
  readonly people: readonly string[];
}

/** Prepared once per scope, called once per event. */
export type ScopeTest = (facts: ScopeFacts) => ScopeDecision;

const inScope: ScopeDecision = { archive: true };
const outOfScope: ScopeDecision = { archive: false, reason: 'nobody in scope took part' };

const foldName = (name: string): string => name.normalize('NFKC').toLowerCase();

/** The participants of the event itself: no decision depends on what another event said. */
export const scopeFactsOf = ({ importid, data }: ImEvent): ScopeFacts => {
  const people = new Set<string>();
  const concerned = 'participant' in data ? [data.participant] : [];
  for (const { id, address } of [data.actor, ...data.roster.members, ...concerned])
    people.add(foldName(id)).add(foldName(address));
  return { imported: importid !== undefined, people: [...people] };
};

/**
 * A conversation is archived for everyone who takes part as soon as one participant is in scope (Skype's rule for
 * group IM). Imported events are in scope by the audited act of importing.
 */
export const scopeTest = (scope: Scope): ScopeTest => {
  if (scope.who === 'everyone') return () => inScope;
  const listed = new Set(scope.users.map(foldName));
  return ({ imported, people }) =>
    imported || people.some((name) => listed.has(name)) ? inScope : outOfScope;
};
