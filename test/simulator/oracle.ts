import { hash } from 'node:crypto';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { LeafEntry, RangeProposal } from '../../schemas/archive/ledger.ts';
import type { Scope } from '../../schemas/events/governance-event.ts';
import type { RawRecord } from '../../services/adapters/kafka/record-batches.ts';
import { contentOf, inScope, type ToldEvent, told, wordsOf } from './told-event.ts';
import type { Topic } from './topic.ts';

interface Placed {
  readonly partition: number;
  readonly record: RawRecord | undefined;
  /** In force where it was decided. */
  readonly scope: Scope;
}

interface Claim {
  readonly partition: number;
  readonly content: string;
  readonly outcome: string;
}

/** What is known to be archived under an id, by the winning ranges. */
export interface ExpectedItem {
  readonly id: string;
  readonly partition: number;
  readonly conversation: string;
  /** When the newest of its facts was recorded, in virtual time. */
  recordedMs: number;
  readonly facts: { readonly offset: number; readonly words: readonly string[]; readonly type: string }[];
}

export interface Position {
  readonly partition: number;
  readonly offset: number;
}

const laterFact = /deleted|reaction|receipt/;

/**
 * Knows what must be so, from the bytes in the topics alone: which ranges won, what each outcome had to be, what every
 * item consists of. Shares no code with what it checks.
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
  readonly #frontiers: { size: number; root: string }[];
  readonly #claims = new Map<string, Claim[]>();
  readonly #scopes: Scope[] = [{ who: 'everyone' }];
  /** The scope in force at each offset of the governance stream. */
  readonly #scopeEnds: number[] = [0];
  /** Commands that were acknowledged before a record's append began. */
  readonly #governedFrom = new Map<string, number>();
  acknowledgedGovernance = 0;
  #nowMs = 0;

  constructor(im: Topic, partitions: number) {
    this.#im = im;
    this.#frontiers = Array.from({ length: partitions }, () => ({
      size: 0,
      root: hash('sha256', '', 'hex'),
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
    const { data } = JSON.parse(Buffer.from(value ?? []).toString()) as { data: { scope: Scope } };
    this.#scopes.push(data.scope);
    this.#scopeEnds.push(offset + 1);
  }

  /** A proposal was stored: the first that continues the chain wins. It, if this one did. */
  proposed({ value }: RawRecord, nowMs: number): RangeProposal | undefined {
    this.#nowMs = nowMs;
    const proposal = JSON.parse(Buffer.from(value ?? []).toString()) as RangeProposal;
    const frontier = this.#frontiers[proposal.partition]!;
    if (proposal.from !== frontier.size || proposal.previousRoot !== frontier.root) return undefined;
    this.#frontiers[proposal.partition] = { size: proposal.to, root: proposal.root };
    this.#checkRange(proposal);
    return proposal;
  }

  #checkRange({ partition, from, to, governanceOffset, entries }: RangeProposal): void {
    if (entries.length !== to - from || to <= from || to > this.#im.end(partition))
      this.violated(`I3: range ${partition}/${from}-${to} has ${entries.length} entries`);
    const scope = this.#scopes[this.#scopeEnds.findLastIndex((end) => end <= governanceOffset)]!;
    for (const [at, entry] of entries.entries()) {
      const place = `${partition}/${from + at}`;
      if (entry.offset !== from + at) this.violated(`I3: ${place} is accounted for as ${entry.offset}`);
      if (governanceOffset < (this.#governedFrom.get(place) ?? 0))
        this.violated(`${place} was decided by governance ${governanceOffset}, older than its append`);
      const record = this.#im.at(partition, entry.offset);
      const problem = this.#problemOf(entry, { partition, record, scope });
      if (problem !== undefined) this.violated(`I2: ${place} is ${entry.outcome}: ${problem}`);
    }
  }

  /** What is wrong about an outcome; the item and claim it makes are remembered. */
  #problemOf(entry: LeafEntry, { partition, record, scope }: Placed): string | undefined {
    const { outcome } = entry;
    if (record?.value == null)
      return ['control', 'quarantined'].includes(outcome) ? undefined : 'nothing is there';
    if (hash('sha256', record.value, 'hex') !== entry.valueHash) return 'its hash is of other bytes';
    const event = told(record.value);
    if (event === undefined) return outcome === 'quarantined' ? undefined : 'it cannot be read';
    if (event.type === 'holdfast.import.unparsed') return this.#problemOfUnparsed(event, partition, outcome);
    const claims = this.#claims.get(event.id) ?? [];
    const problem = this.#problemOfEvent(entry, event, {
      partition,
      claims,
      isWanted: inScope(scope, event),
    });
    if (['archived', 'conflict', 'refused'].includes(outcome))
      this.#claims.set(event.id, [...claims, { partition, content: contentOf(event), outcome }]);
    return problem;
  }

  /** Quarantined the first time, a duplicate each time after. */
  #problemOfUnparsed(event: ToldEvent, partition: number, outcome: string): string | undefined {
    const claims = this.#claims.get(event.id) ?? [];
    this.#claims.set(event.id, [...claims, { partition, content: contentOf(event), outcome }]);
    const expected = claims.length === 0 ? 'quarantined' : 'duplicate';
    return outcome === expected ? undefined : `expected ${expected}`;
  }

  #problemOfEvent(
    { outcome, offset, itemId }: LeafEntry,
    event: ToldEvent,
    { partition, claims, isWanted }: { partition: number; claims: readonly Claim[]; isWanted: boolean },
  ): string | undefined {
    const own = claims.find((claim) => claim.partition === partition);
    const same = claims.find((claim) => claim.content === contentOf(event));
    const isContended = this.#isContended(event, partition);
    // Of contents after the first only those that were archived are remembered; of contended ids, those of the first.
    const isForgotten = isContended || (same !== own && same?.outcome === 'refused');
    if (same !== undefined && !isForgotten) return outcome === 'duplicate' ? undefined : 'it is a duplicate';
    const target = event.data.item ?? event.id;
    const isPresent = this.#presentIn(target, partition, event);
    switch (outcome) {
      case 'duplicate':
        return same !== undefined || isContended ? undefined : 'it is no duplicate';
      case 'refused':
        if (isWanted) return 'somebody in scope took part';
        return own === undefined && !isContended && isPresent ? 'its item is archived' : undefined;
      case 'quarantined':
        return isContended || (this.items.has(target) && !isPresent) ? undefined : 'it can be read';
      case 'conflict': {
        if (!isWanted) return 'nobody in scope took part';
        const isUsed = own !== undefined || isContended || (this.items.has(target) && !isPresent);
        if (!isUsed) return 'its id was not used before';
        if (itemId?.startsWith(`${event.id}~`) !== true) return `its item is ${itemId}`;
        return this.#archive(itemId, event, { partition, offset });
      }
      case 'archived':
        if (own !== undefined && !isContended) return 'its id was used before with other content';
        if (!isWanted && !isPresent) return 'nobody in scope took part';
        if (itemId !== target) return `its item is ${itemId}, expected ${target}`;
        return this.#archive(target, event, { partition, offset });
      default:
        return 'it is an event';
    }
  }

  #archive(id: string, event: ToldEvent, { partition, offset }: Position): string | undefined {
    const conversation = event.data.conversation.id;
    const item = this.items.get(id) ?? { id, partition, conversation, recordedMs: 0, facts: [] };
    if (item.partition !== partition)
      return `item ${id} has facts in partitions ${item.partition} and ${partition}`;
    if (item.conversation !== conversation) return `item ${id} has facts of two conversations`;
    item.recordedMs = this.#nowMs;
    item.facts.push({ offset, words: wordsOf(event), type: event.type });
    this.items.set(id, item);
    return undefined;
  }

  #presentIn(id: string, partition: number, event: ToldEvent): boolean {
    const item = this.items.get(id);
    return item?.partition === partition && item.conversation === event.data.conversation.id;
  }

  /** Whether another partition has a record with this id or about this item, archived or not yet. */
  #isContended({ id, data }: ToldEvent, partition: number): boolean {
    const target = data.item ?? id;
    for (let other = 0; other < this.#frontiers.length; other++) {
      if (other === partition) continue;
      for (let offset = 0; offset < this.#im.end(other); offset++) {
        const value = this.#im.at(other, offset)?.value;
        const event = value == null ? undefined : told(value);
        if (event !== undefined && (event.id === target || event.id === id || event.data.item === target))
          return true;
      }
    }
    return false;
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

  /** I2, I3, I8: the index holds exactly the items of the ledger, less what was erased. */
  indexHolds(documents: readonly IndexDocument[]): void {
    const found = new Set<string>();
    for (const document of documents) {
      const item = JSON.parse(document.item) as Item;
      found.add(item.id);
      const expected = this.items.get(item.id);
      if (expected === undefined) this.violated(`I3: item ${item.id} is in the index, not in the ledger`);
      else if (this.disposed.has(item.id)) this.violated(`I8: erased item ${item.id} is in the index`);
      else if (!this.erased.has(item.id)) this.#checkItem(item, expected);
    }
    for (const id of this.items.keys())
      if (!found.has(id) && !this.erased.has(id)) this.violated(`I2: item ${id} is not in the index`);
  }

  #checkItem(item: Item, { id, facts, partition }: ExpectedItem): void {
    const offsets = facts.map(({ offset }) => offset);
    if (item.partition !== partition) this.violated(`I2: item ${id} is in partition ${item.partition}`);
    if (item.firstOffset !== offsets[0] || item.newestOffset !== offsets.at(-1))
      this.violated(
        `I2: item ${id} goes from ${item.firstOffset} to ${item.newestOffset}, expected ${offsets.join(',')}`,
      );
    const at = (pattern: RegExp): number[] =>
      facts.filter(({ type }) => pattern.test(type)).map(({ offset }) => offset);
    const held = {
      versions: item.versions,
      reactions: item.reactions ?? [],
      receipts: item.receipts ?? [],
      deletion: item.deletion === undefined ? [] : [item.deletion],
    };
    const expected = {
      versions: facts.filter(({ type }) => !laterFact.test(type)).map(({ offset }) => offset),
      reactions: at(/reaction/),
      receipts: at(/receipt/),
      // The first took it away; of others nothing shows.
      deletion: at(/deleted/).slice(0, 1),
    };
    for (const [what, offsets] of Object.entries(expected)) {
      const found = held[what as keyof typeof held].map(({ offset }) => offset).sort((a, b) => a - b);
      if (found.join(',') !== offsets.join(','))
        this.violated(`I2: item ${id} has the ${what} ${found.join(',')}, expected ${offsets.join(',')}`);
    }
  }
}
