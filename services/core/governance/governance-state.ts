import type { GovernanceEvent, Scope } from '../../../schemas/events/governance-event.ts';

export type CommandOutcome =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly reason: string };

/** Everything decisions depend on, as of one offset of the governance stream. */
export interface GovernanceState {
  /** End of the stream this state was reduced through (exclusive). */
  readonly offset: number;
  readonly scope: Scope;
  /** Number of accepted scope changes. */
  readonly scopeVersion: number;
  /** What became of each command, by its id: a re-sent command gets the outcome of its first occurrence. */
  readonly commands: ReadonlyMap<string, CommandOutcome>;
}

export const initialGovernance: GovernanceState = {
  offset: 0,
  scope: { who: 'everyone' },
  scopeVersion: 0,
  commands: new Map(),
};

/** The state after one more event at `offset`. An event that lost its race changes nothing but its outcome. */
export const reduceGovernance = (
  state: GovernanceState,
  event: GovernanceEvent,
  offset: number,
): GovernanceState => {
  const advanced = { ...state, offset: offset + 1 };
  if (state.commands.has(event.id)) return advanced;
  const { expectedVersion, scope } = event.data;
  const won = expectedVersion === undefined || expectedVersion === state.scopeVersion;
  const outcome: CommandOutcome = won
    ? { accepted: true }
    : { accepted: false, reason: `expected scope version ${expectedVersion}, found ${state.scopeVersion}` };
  const commands = new Map(state.commands).set(event.id, outcome);
  return won
    ? { ...advanced, commands, scope, scopeVersion: state.scopeVersion + 1 }
    : { ...advanced, commands };
};
