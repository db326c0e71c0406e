import { hash } from 'node:crypto';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import type { LeafEntry, RangeProposal } from '../../schemas/archive/ledger.ts';
import type { Scope } from '../../schemas/events/governance-event.ts';
import type { RawRecord } from '../../services/adapters/kafka/record-batches.ts';
import type { Ledger } from '../../services/ports/ledger.ts';
import { type Claim, type Expected, ExpectedOutcomes, worldsOf } from './expected-outcomes.ts';
import { contentOf, type ToldEvent, told, wordsOf } from './told-event.ts';
import type { Topic } from './topic.ts';

/** A readable record, and what became of it. */
interface Told {
  readonly entry: LeafEntry;
  readonly event: ToldEvent;
}

/** What is known to be archived under an id, by the winning ranges. */
export interface ExpectedItem {
  readonly id: string;
  readonly partition: number;
  readonly conversation: string;
  /** When the newest of its facts was recorded, in virtual time. */
  recordedMs: number;
  /** Of the item with all of its facts, as the ledger says. */
  itemHash: string | undefined;
  readonly facts: { readonly offset: number; readonly words: readonly string[]; readonly type: string }[];
}

export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** Who the index said owns an item, from the moment on in which so many ranges had won. */
interface Owner {
  readonly from: number;
  readonly partition: number | undefined;
}

/**
 * Knows what must be so, from the bytes in the topics and from whom the index said that an item belongs to: which ranges
 * won, what each outcome had to be, what every item consists of. Shares no code with what it checks.
 */
export class Oracle {
  readonly violations: string[] = [];
  readonly items = new Map<string, ExpectedItem>();
  /** Items whose erasure was attempted; those that the log took it for; those that no search may find any more. */
  readonly erased = new Set<string>();
  readonly disposed = new Set<string>();
  readonly gone = new Set<string>();
  readonly erasedOffsets = new Set<string>();
  /** Those whose erasure was begun for good. */
  readonly goneOffsets: Position[] = [];
  readonly #im: Topic;
  /** `ranges` that won; `won`: how many had in all partitions together when the newest did. */
  readonly #frontiers: { size: number; root: string; ranges: number; won: number }[];
  readonly #owners = new Map<string, Owner[]>();
  readonly #claims = new Map<string, Claim[]>();
  readonly #scopes: Scope[] = [{ who: 'everyone' }];
  /** The scope in force at each offset of the governance stream. */
  readonly #scopeEnds: number[] = [0];
  /** Number of scope changes that were stored in their turn. */
  scopeVersion = 0;
  /** Commands that were acknowledged before a record's append began. */
  readonly #governedFrom = new Map<string, number>();
  acknowledgedGovernance = 0;
  #nowMs = 0;
  #won = 0;

  constructor(im: Topic, partitions: number) {
    this.#im = im;
    this.#frontiers = Array.from({ length: partitions }, () => ({
      size: 0,
      root: hash('sha256', '', 'hex'),
      ranges: 0,
      won: 0,
    }));
  }

  violated(what: string): void {
    if (this.violations.length < 20) this.violations.push(what);
  }

  sizes(): readonly number[] {
    return this.#frontiers.map(({ size }) => size);
  }

  /** Every command acknowledged before this append began must be seen by whoever archives it. */
  acknowledged({ partition, offset }: Position, bytes: Uint8Array, governance: number): void {
    this.#governedFrom.set(`${partition}/${offset}`, governance);
    const record = this.#im.at(partition, offset);
    const isThere = record?.value != null && Buffer.compare(record.value, bytes) === 0;
    if (!isThere && !this.erasedOffsets.has(`${partition}/${offset}`))
      this.violated(`I1: ${partition}/${offset} was acknowledged and is not in the log`);
  }

  governed({ value, offset }: RawRecord): void {
    const { data } = JSON.parse(Buffer.from(value ?? []).toString()) as {
      data: { scope: Scope; expectedVersion: number };
    };
    const isNext = data.expectedVersion === this.scopeVersion;
    if (isNext) this.scopeVersion += 1;
    this.#scopes.push(isNext ? data.scope : this.#scopes.at(-1)!);
    this.#scopeEnds.push(offset + 1);
  }

  /** A proposal was stored: the first that continues the chain wins. It, if this one did. */
  proposed({ value }: RawRecord, nowMs: number): RangeProposal | undefined {
    this.#nowMs = nowMs;
    const proposal = JSON.parse(Buffer.from(value ?? []).toString()) as RangeProposal;
    const frontier = this.#frontiers[proposal.partition]!;
    if (proposal.from !== frontier.size || proposal.previousRoot !== frontier.root) return undefined;
    this.#checkRange(proposal);
    this.#won += 1;
    const { to: size, root } = proposal;
    this.#frontiers[proposal.partition] = { size, root, ranges: frontier.ranges + 1, won: this.#won };
    return proposal;
  }

  /** The index says from now on that this partition owns an item; undefined: none does. */
  owned(item: string, partition: number | undefined): void {
    const owners = this.#owners.get(item) ?? [];
    if (owners.at(-1)?.partition === partition) return;
    this.#owners.set(item, [...owners, { from: this.#won, partition }]);
  }

  /** Who did at any moment since the newest range of a partition won: when the one after it was decided. */
  #ownersSince(item: string, won: number): ReadonlySet<number | undefined> {
    const owners: readonly Owner[] = [{ from: -1, partition: undefined }, ...(this.#owners.get(item) ?? [])];
    const first = owners.findLastIndex(({ from }) => from < won);
    return new Set(owners.slice(Math.max(0, first)).map((owner) => owner.partition));
  }

  #checkRange({ partition, from, to, governanceOffset, entries }: RangeProposal): void {
    if (entries.length !== to - from || to <= from || to > this.#im.end(partition))
      this.violated(`I3: range ${partition}/${from}-${to} has ${entries.length} entries`);
    const events: Told[] = [];
    for (const [at, entry] of entries.entries()) {
      const place = `${partition}/${from + at}`;
      if (entry.offset !== from + at) this.violated(`I3: ${place} is accounted for as ${entry.offset}`);
      if (governanceOffset < (this.#governedFrom.get(place) ?? 0))
        this.violated(`${place} was decided by governance ${governanceOffset}, older than its append`);
      const value = this.#im.at(partition, entry.offset)?.value ?? undefined;
      const event = value === undefined ? undefined : told(value);
      const problem = event === undefined ? problemOfUnreadable(entry, value) : problemOfBytes(entry, value);
      if (problem !== undefined) this.violated(`I2: ${place} is ${entry.outcome}: ${problem}`);
      if (event !== undefined) events.push({ entry, event });
    }
    const scope = this.#scopes[this.#scopeEnds.findLastIndex((end) => end <= governanceOffset)]!;
    const problem = this.#problemOfOutcomes(events, partition, scope);
    if (problem !== undefined) this.violated(`I2: ${partition}/${problem}`);
    for (const one of events) this.#remember(one, partition);
  }

  /** One world must explain all outcomes of a range: what is wrong in the one that explains the most of them. */
  #problemOfOutcomes(events: readonly Told[], partition: number, scope: Scope): string | undefined {
    const before = {
      partition,
      claimsOf: (id: string) => this.#claims.get(id) ?? [],
      conversationOf: (item: string) => {
        const known = this.items.get(item);
        return known?.partition === partition ? known.conversation : undefined;
      },
    };
    const { won } = this.#frontiers[partition]!;
    const told = events.map(({ event }) => event);
    let furthest: { readonly at: number; readonly problem: string } | undefined;
    for (const world of worldsOf(told, before, (item) => this.#ownersSince(item, won))) {
      const expected = new ExpectedOutcomes(before, world);
      const wanted = told.map((event) => expected.of(event, scope));
      const at = events.findIndex(({ entry }, at) => !isExpected(entry, wanted[at]!));
      if (at === -1) return undefined;
      const { offset, outcome, itemId = '' } = events[at]!.entry;
      const problem = `${offset} is ${outcome} ${itemId}: expected ${wanted[at]!.outcomes} ${wanted[at]!.item ?? ''}`;
      if (at > (furthest?.at ?? -1)) furthest = { at, problem };
    }
    return furthest?.problem;
  }

  #remember(told: Told, partition: number): void {
    const { entry, event } = told;
    const { outcome, offset, itemId } = entry;
    const isUnparsed = event.type === 'holdfast.import.unparsed' && outcome === 'quarantined';
    if (isUnparsed || ['archived', 'conflict', 'refused'].includes(outcome)) {
      const { ranges: range } = this.#frontiers[partition]!;
      const claims = this.#claims.get(event.id) ?? [];
      this.#claims.set(event.id, [...claims, { partition, offset, range, content: contentOf(event) }]);
    }
    if (itemId === undefined) return;
    const problem = this.#archive(itemId, told, partition);
    if (problem !== undefined) this.violated(`I2: ${partition}/${offset} is ${outcome}: ${problem}`);
  }

  #archive(id: string, { entry: { offset, itemHash }, event }: Told, partition: number): string | undefined {
    const conversation = event.data.conversation.id;
    const made = { id, partition, conversation, recordedMs: 0, itemHash, facts: [] };
    const item: ExpectedItem = this.items.get(id) ?? made;
    if (item.partition !== partition)
      return `item ${id} has facts in partitions ${item.partition} and ${partition}`;
    if (item.conversation !== conversation) return `item ${id} has facts of two conversations`;
    item.recordedMs = this.#nowMs;
    item.itemHash = itemHash;
    item.facts.push({ offset, words: wordsOf(event), type: event.type });
    this.items.set(id, item);
    return undefined;
  }

  /** Neither the oldest nor the newest of its partition: those tell that an index is whole. */
  isAmid({ partition, facts }: ExpectedItem): boolean {
    const offsets = [...this.items.values()]
      .filter((item) => item.partition === partition && !item.id.includes('~') && !this.erased.has(item.id))
      .flatMap((item) => item.facts.map(({ offset }) => offset));
    return facts[0]!.offset > Math.min(...offsets) && facts.at(-1)!.offset < Math.max(...offsets);
  }

  /** Nothing that is logged and not yet accounted for is about it. */
  isSettled({ id, partition }: ExpectedItem): boolean {
    for (let offset = this.#frontiers[partition]!.size; offset < this.#im.end(partition); offset++) {
      const value = this.#im.at(partition, offset)?.value;
      const event = value == null ? undefined : told(value);
      if (event !== undefined && (event.data.item ?? event.id) === id) return false;
    }
    return true;
  }

  /** Ids of the items of which a fact below the vector holds the word. */
  idsWith(word: string, offsets: readonly number[]): Set<string> {
    const ids = new Set<string>();
    for (const { id, partition, facts } of this.items.values())
      if (facts.some(({ offset, words }) => offset < offsets[partition]! && words.includes(word)))
        ids.add(id);
    return ids;
  }

  /** I6: the answer must be what the ledger's items give at the answer's vector. */
  answered(word: string, answer: SearchAnswer, goneBefore: ReadonlySet<string>): void {
    const { offsets } = answer.certificate.vector;
    const where = `search for ${word} at ${offsets.join(',')}`;
    if (offsets.some((offset, partition) => offset > this.#frontiers[partition]!.size))
      this.violated(`I6: ${where} is beyond the ledger ${this.sizes().join(',')}`);
    const expected = this.idsWith(word, offsets);
    const found = new Set(answer.hits.map(({ item }) => item.id as string));
    for (const id of found) {
      if (!expected.has(id) && this.items.has(id)) this.violated(`I6: ${where} found ${id}`);
      if (goneBefore.has(id)) this.violated(`I8: ${where} found ${id}, which was erased`);
    }
    for (const id of expected)
      if (!found.has(id) && !this.erased.has(id)) this.violated(`I6: ${where} missed ${id}`);
    if (answer.total !== found.size) this.violated(`I6: ${where} counted ${answer.total} of ${found.size}`);
    const begun = [...this.items.values()].filter(
      ({ id, partition, facts }) => facts[0]!.offset < offsets[partition]! && !this.erased.has(id),
    );
    // More for a moment: what lost its race and is not yet taken back (ADR 8). Never fewer.
    if (answer.certificate.itemsCovered < begun.length)
      this.violated(
        `I6: ${where} says it covers ${answer.certificate.itemsCovered} of ${begun.length} items`,
      );
  }

  /** I8: of what was erased nothing is left, once the log was compacted. */
  logHolds(): void {
    for (const { partition, offset } of this.goneOffsets)
      if (this.#im.at(partition, offset)?.value != null)
        this.violated(`I8: ${partition}/${offset} was erased and is in the log`);
  }

  /** Each id is known by all of its claims, those of a partition in their order. */
  async claimsAreFound(find: Ledger['find']): Promise<void> {
    const found = await find([...this.#claims.keys()]);
    for (const [id, claims] of this.#claims) {
      const first = found.get(id);
      const places = (first === undefined ? [] : [first, ...(first.others ?? [])])
        .toSorted((a, b) => a.partition - b.partition)
        .map(placeOf);
      const expected = claims.toSorted((a, b) => a.partition - b.partition).map(placeOf);
      if (String(places) !== String(expected))
        this.violated(`I2: ${id} was claimed at ${expected} and is found at ${places}`);
    }
  }
}

const placeOf = ({ partition, offset }: Position): string => `${partition}/${offset}`;

/** Of what is not there, or is no event. */
const problemOfUnreadable = (entry: LeafEntry, value: Uint8Array | undefined): string | undefined => {
  if (value === undefined)
    return ['control', 'quarantined'].includes(entry.outcome) ? undefined : 'nothing is there';
  return entry.outcome === 'quarantined' ? problemOfBytes(entry, value) : 'it cannot be read';
};

const problemOfBytes = ({ valueHash }: LeafEntry, value: Uint8Array | undefined): string | undefined =>
  hash('sha256', value ?? '', 'hex') === valueHash ? undefined : 'its hash is of other bytes';

const isExpected = (
  { outcome, itemId, contentHash = '' }: LeafEntry,
  { outcomes, item }: Expected,
): boolean => {
  const wanted = outcome === 'conflict' ? `${item}${contentHash.slice(0, 16)}` : item;
  return outcomes.includes(outcome) && itemId === wanted;
};
