import type { Scope } from '../../schemas/events/governance-event.ts';

/** What the oracle reads of an event, without the code that it checks. */
export interface ToldEvent {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly conversation: { readonly id: string };
    readonly actor: { readonly address: string };
    readonly roster: { readonly members: readonly { readonly address: string }[] };
    readonly participant?: { readonly address: string };
    readonly item?: string;
    readonly body?: string;
    readonly nonce: string;
  };
}

export const told = (value: Uint8Array): ToldEvent | undefined => {
  try {
    const event = JSON.parse(Buffer.from(value).toString()) as ToldEvent;
    return event.type === undefined ? undefined : event;
  } catch {
    return undefined;
  }
};

/** All but what two copies of one event may differ in. */
export const contentOf = (event: ToldEvent): string =>
  JSON.stringify({ ...event, data: { ...event.data, nonce: undefined } });

export const wordsOf = ({ data }: ToldEvent): string[] => data.body?.split(' ') ?? [];

export const inScope = (scope: Scope, { data }: ToldEvent): boolean =>
  scope.who === 'everyone' ||
  [data.actor, ...data.roster.members, ...(data.participant ? [data.participant] : [])].some(({ address }) =>
    scope.users.includes(address),
  );
