import type { Scope } from '../../schemas/events/governance-event.ts';
import { contentOf, inScope, type ToldEvent } from './told-event.ts';

/** A place in a range that won where an id was used with some content, and that was no duplicate. */
export interface Claim {
  readonly partition: number;
  readonly offset: number;
  /** Number of its range in its partition. */
  readonly range: number;
  readonly content: string;
}

/**
 * What an archiver may have known besides its own partition, all of which it knows: how many ranges of each of the
 * others, and of which items the index said that another partition owns them. The same for a whole range.
 */
export interface World {
  readonly ranges: ReadonlyMap<number, number>;
  readonly elsewhere: ReadonlySet<string>;
}

export interface Expected {
  readonly outcomes: readonly string[];
  /** Where it is archived; of a conflict, what its item's id begins with. */
  readonly item?: string;
}

interface Before {
  readonly partition: number;
  /** All claims of an id that won before, in their order. */
  claimsOf(id: string): readonly Claim[];
  /** The conversation of an item of this partition. */
  conversationOf(item: string): string | undefined;
}

export const targetOf = ({ id, data }: ToldEvent): string => data.item ?? id;

const all = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((made, list) => made.flatMap((one) => list.map((next) => [...one, next])), [[]]);

/** Every world in which these events may have been decided; `ownersOf` an item: what the index said meanwhile. */
export const worldsOf = (
  events: readonly ToldEvent[],
  { partition, claimsOf }: Before,
  ownersOf: (item: string) => ReadonlySet<number | undefined>,
): World[] => {
  const ends = new Map<number, Set<number>>();
  for (const claim of new Set(events.map(({ id }) => id)).values().flatMap(claimsOf)) {
    if (claim.partition === partition) continue;
    ends.set(claim.partition, (ends.get(claim.partition) ?? new Set([0])).add(claim.range + 1));
  }
  const targets = [...new Set(events.map(targetOf))].flatMap((item) => {
    const elsewhere = [...ownersOf(item)].map((owner) => owner !== undefined && owner !== partition);
    return elsewhere.includes(true) ? [{ item, choices: [...new Set(elsewhere)] }] : [];
  });
  const ranges = all([...ends].map(([other, choices]) => [...choices].map((end) => [other, end] as const)));
  const owners = all(targets.map(({ item, choices }) => choices.map((isOwned) => (isOwned ? [item] : []))));
  return ranges.flatMap((known) =>
    owners.map((items) => ({ ranges: new Map(known), elsewhere: new Set(items.flat()) })),
  );
};

/** Decides the events of one range, one after another, as somebody had to who lived in that world. */
export class ExpectedOutcomes {
  readonly #before: Before;
  readonly #world: World;
  /** Of this range: the first content of each id; conversations of items; contents kept beside a first. */
  readonly #first = new Map<string, string>();
  readonly #items = new Map<string, string>();
  readonly #beside = new Set<string>();

  constructor(before: Before, world: World) {
    this.#before = before;
    this.#world = world;
  }

  /** `scope`: the one in force. */
  of(event: ToldEvent, scope: Scope): Expected {
    const content = contentOf(event);
    const claims = this.#known(event.id);
    const first = claims[0]?.content ?? this.#first.get(event.id);
    if (!this.#first.has(event.id)) this.#first.set(event.id, content);
    if (event.type === 'holdfast.import.unparsed') return this.#ofUnparsed(claims, first, content);
    if (first === content || claims.some((claim) => claim.content === content))
      return { outcomes: ['duplicate'] };
    const isWanted = inScope(scope, event);
    const expected = first === undefined ? this.#ofNew(event, isWanted) : this.#beforeOthers(event, isWanted);
    if (expected.outcomes[0] === 'quarantined' && first === undefined) this.#first.delete(event.id);
    return expected;
  }

  /** Of an id that was used before with other content. */
  #beforeOthers(event: ToldEvent, isWanted: boolean): Expected {
    const name = `${event.id} ${contentOf(event)}`;
    if (this.#beside.has(name)) return { outcomes: ['duplicate'] };
    if (!isWanted) return { outcomes: ['refused'] };
    this.#beside.add(name);
    return { outcomes: ['conflict'], item: `${event.id}~` };
  }

  /** Of an id that was not used before. */
  #ofNew(event: ToldEvent, isWanted: boolean): Expected {
    const item = targetOf(event);
    const own = this.#items.get(item) ?? this.#before.conversationOf(item);
    const conversation = event.data.conversation.id;
    const isTaken = own === undefined ? this.#world.elsewhere.has(item) : own !== conversation;
    if (isTaken)
      return event.data.item === undefined
        ? this.#beforeOthers(event, isWanted)
        : { outcomes: ['quarantined'] };
    if (own === undefined && !isWanted) return { outcomes: ['refused'] };
    this.#items.set(item, conversation);
    return { outcomes: ['archived'], item };
  }

  /** Compared with the first only; which of two partitions was first, each archiver may see otherwise. */
  #ofUnparsed(claims: readonly Claim[], first: string | undefined, content: string): Expected {
    const partitions = new Set(claims.map(({ partition }) => partition));
    if (partitions.size > 1) return { outcomes: ['quarantined', 'duplicate'] };
    return { outcomes: [first === content ? 'duplicate' : 'quarantined'] };
  }

  #known(id: string): readonly Claim[] {
    const { partition: own, claimsOf } = this.#before;
    const { ranges } = this.#world;
    return claimsOf(id).filter(
      ({ partition, range }) => partition === own || range < (ranges.get(partition) ?? 0),
    );
  }
}
