import type { Item, Version } from '../../schemas/archive/item.ts';
import { Item as ItemSchema } from '../../schemas/archive/item.ts';
import type { Participant } from '../../schemas/events/participant.ts';

/** A person: `ann` is ann@contoso.com with that id; `x@y.z` is an address that is its own id. */
export type PersonSpec =
  | string
  | { id?: string; address?: string; name?: string; class?: Participant['class'] };

export interface VersionSpec {
  readonly body?: string;
  readonly subject?: string;
  readonly files?: readonly string[];
  readonly from?: PersonSpec;
  readonly to?: readonly PersonSpec[];
  readonly complete?: boolean;
  /** When the log took it; for imports, when the source says it was sent. */
  readonly at?: string;
}

export interface ItemSpec extends VersionSpec {
  readonly id?: string;
  readonly kind?: Item['kind'];
  readonly event?: Item['event'];
  readonly conversation?: { id?: string; kind?: Item['conversation']['kind']; name?: string };
  readonly session?: string;
  readonly direction?: Item['direction'];
  readonly mentions?: readonly string[];
  readonly about?: PersonSpec;
  readonly detail?: string;
  readonly edits?: readonly VersionSpec[];
  readonly deletedAt?: string;
  readonly imported?: boolean;
  /** Facts arrived, the original has not: `edits` are all there is. */
  readonly originalMissing?: boolean;
  readonly partition?: number;
  readonly offset?: number;
}

export const buildPerson = (spec: PersonSpec): Participant => {
  if (typeof spec !== 'string') {
    const address = spec.address ?? `${spec.id}@contoso.com`;
    const { name } = spec;
    const named = name === undefined ? {} : { name };
    return {
      id: (spec.id ?? address) as Participant['id'],
      address,
      class: spec.class ?? 'internal',
      ...named,
    };
  }
  const address = spec.includes('@') ? spec : `${spec}@contoso.com`;
  return { id: spec as Participant['id'], address, class: 'internal' };
};

const startMs = Date.parse('2024-03-01T09:00:00.000Z');

const buildVersion = (spec: VersionSpec, number: number, offset: number): Version => {
  const author = buildPerson(spec.from ?? 'ann');
  const at = spec.at ?? new Date(startMs + number * 60_000).toISOString();
  return {
    number,
    eventId: `event-${offset}` as Version['eventId'],
    offset,
    sentAt: at,
    acceptedAt: at,
    loggedAt: at,
    author,
    roster: { members: [author, ...(spec.to ?? ['bob']).map(buildPerson)], complete: spec.complete ?? true },
    ...(spec.subject === undefined ? {} : { subject: spec.subject }),
    ...(spec.body === undefined ? {} : { body: spec.body }),
    ...(spec.files === undefined ? {} : { attachments: spec.files.map((name) => ({ name })) }),
  };
};

/** A whole, valid item from what a test cares about: a two-party message of ann to bob unless said otherwise. */
export const buildItem = (spec: ItemSpec): Item => {
  const offset = spec.offset ?? 0;
  const conversationKind = spec.conversation?.kind ?? (spec.kind === 'room' ? 'room' : 'im');
  const first = spec.originalMissing === true ? [] : [buildVersion(spec, 1, offset)];
  const edits = (spec.edits ?? []).map((edit, index) =>
    buildVersion({ ...carried(spec), ...edit }, index + 2, offset + index + 1),
  );
  const newestOffset = offset + edits.length + (spec.deletedAt === undefined ? 0 : 1);
  return ItemSchema.parse({
    id: spec.id ?? 'item',
    generation: 1,
    partition: spec.partition ?? 0,
    firstOffset: offset,
    newestOffset,
    kind: spec.kind ?? conversationKind,
    event: spec.event ?? 'message',
    conversation: {
      id: spec.conversation?.id ?? 'conversation',
      kind: conversationKind,
      name: spec.conversation?.name,
    },
    session: spec.session ?? 'session',
    ordinal: offset,
    direction: spec.direction ?? 'internal',
    versions: [...first, ...edits],
    mentions: spec.mentions,
    detail: spec.detail,
    subjectPerson: spec.about === undefined ? undefined : buildPerson(spec.about),
    ...(spec.deletedAt === undefined
      ? {}
      : {
          deletion: {
            eventId: `event-${newestOffset}`,
            offset: newestOffset,
            by: buildPerson(spec.from ?? 'ann'),
            at: spec.deletedAt,
          },
        }),
    ...(spec.imported === true ? { importId: 'import-1' } : {}),
    ...(spec.originalMissing === true ? { originalMissing: true } : {}),
  });
};

/** An edit keeps who and what the original had, but its text and time. */
const carried = ({ from, to, complete, files }: ItemSpec): VersionSpec => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
  ...(complete === undefined ? {} : { complete }),
  ...(files === undefined ? {} : { files }),
});
