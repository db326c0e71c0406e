import {
  type DataStream,
  type LeafEntry,
  type OutcomeKind,
  type RangeProposal,
  SignedHead,
} from '../../../schemas/archive/ledger.ts';
import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import { partitionsOf } from '../../core/ledger/partitions-of.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  FirstOccurrence,
  Frontier,
  Ledger,
  PartitionName,
  ProposalResult,
  RangeRecord,
} from '../../ports/ledger.ts';
import type { LedgerView } from '../../ports/ledger-view.ts';
import { LedgerFollower } from './ledger-follower.ts';
import type { RawRecord } from './record-batches.ts';
import type { TopicStream } from './topic-stream.ts';

export interface KafkaLedgerOptions {
  /** The topic with the proposals for each stream, partition by partition. */
  readonly streams: Readonly<Record<DataStream, TopicStream>>;
  readonly heads: TopicStream;
  readonly partitions: Readonly<Record<DataStream, number>>;
  readonly view: LedgerView;
  readonly clock: Clock;
}

/** Records read at once to find a head that may stand far back. */
const headsPage = 10_000;

/**
 * The ledger as streams of proposals, judged by reading them back: each process applies them to a view of its own,
 * which it owns, and answers from it. Closing it closes the streams and the view.
 */
export class KafkaLedger implements Ledger {
  readonly #options: KafkaLedgerOptions;
  readonly #followers: ReadonlyMap<string, LedgerFollower>;
  #newestHead: { readonly end: number; readonly head: SignedHead | undefined } = { end: 0, head: undefined };

  constructor(options: KafkaLedgerOptions) {
    this.#options = options;
    const { streams, view, clock } = options;
    this.#followers = new Map(
      partitionsOf(options).map((partition) => [
        nameOf(partition),
        new LedgerFollower({ partition, stream: streams[partition.stream], view, clock }),
      ]),
    );
  }

  /** Brings the view to the ends of the streams; made anew where it was of other streams, or turns out to be damaged. */
  async start(): Promise<void> {
    const { view } = this.#options;
    const followers = [...this.#followers.values()];
    const catchUp = () => settledAll(followers.map((follower) => follower.catchUp()));
    try {
      const continued = await settledAll(followers.map((follower) => follower.isContinued()));
      if (continued.includes(false)) await view.clear();
      await catchUp();
    } catch (error) {
      if (!isHoldfastError(error, 'DataFolderInvalid')) throw error;
      await view.clear();
      await catchUp();
    }
    for (const follower of followers) follower.follow();
  }

  async propose(proposal: RangeProposal): Promise<ProposalResult> {
    const follower = this.#followerOf(proposal);
    const value = Buffer.from(JSON.stringify(proposal));
    const { stream, partition } = proposal;
    const { key, result, storedAt, giveUp } = follower.readBack(proposal);
    try {
      const [receipt] = await this.#options.streams[stream].append([{ partition, key, value }]);
      if (receipt !== undefined) storedAt(receipt.offset);
      return await result;
    } finally {
      giveUp();
    }
  }

  async frontier(partition: PartitionName): Promise<Frontier> {
    return this.#view(partition).frontier(partition);
  }

  ranges(partition: PartitionName, fromOffset: number): AsyncIterable<RangeRecord> {
    return this.#view(partition).ranges(partition, fromOffset);
  }

  async entries(
    partition: PartitionName,
    offsets: readonly number[],
  ): Promise<readonly (LeafEntry | undefined)[]> {
    return this.#view(partition).entries(partition, offsets);
  }

  async find(eventIds: readonly string[]): Promise<ReadonlyMap<string, FirstOccurrence>> {
    for (const follower of this.#followers.values()) follower.assertFollowing();
    return this.#options.view.find(eventIds);
  }

  async quarantined(
    partition: PartitionName,
    fromOffset: number,
    limit: number,
  ): Promise<readonly LeafEntry[]> {
    return this.#view(partition).quarantined(partition, fromOffset, limit);
  }

  async counts(partition: PartitionName): Promise<Readonly<Record<OutcomeKind, number>>> {
    return this.#view(partition).counts(partition);
  }

  async appendHead(head: SignedHead): Promise<void> {
    const value = Buffer.from(JSON.stringify(head));
    await this.#options.heads.append([{ partition: 0, key: 'head', value }]);
  }

  async heads(limit: number): Promise<readonly SignedHead[]> {
    const end = await this.#options.heads.end(0);
    if (limit === 1 && end === this.#newestHead.end)
      return this.#newestHead.head === undefined ? [] : [this.#newestHead.head];
    const found: SignedHead[] = [];
    for await (const heads of this.#headsBefore(end, Math.max(limit, 16))) {
      found.push(...heads);
      if (found.length >= limit) break;
    }
    const newest = found.slice(0, limit);
    this.#newestHead = { end, head: newest[0] };
    return newest;
  }

  async findHead(signature: string): Promise<SignedHead | undefined> {
    for await (const heads of this.#headsBefore(await this.#options.heads.end(0), headsPage)) {
      const head = heads.find((one) => one.signature === signature);
      if (head !== undefined) return head;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { streams, heads, view } = this.#options;
    await Promise.all([...this.#followers.values()].map((follower) => follower.stop()));
    await Promise.all([...Object.values(streams), heads].map((stream) => stream[Symbol.asyncDispose]()));
    await view[Symbol.asyncDispose]();
  }

  /** Newest first, of so many records at a time; what a stranger wrote is no head, so a page may have fewer. */
  async *#headsBefore(end: number, records: number): AsyncGenerator<readonly SignedHead[]> {
    for (let to = end; to > 0; ) {
      const from = Math.max(0, to - records);
      yield (await this.#headsBetween(from, to)).reverse();
      to = from;
    }
  }

  async #headsBetween(from: number, to: number): Promise<SignedHead[]> {
    const found: SignedHead[] = [];
    for await (const records of this.#options.heads.read({ partition: 0, offset: from })) {
      const wanted = records.filter(({ offset }) => offset < to);
      found.push(...wanted.flatMap((record) => headOf(record) ?? []));
      if (wanted.length < records.length) break;
    }
    return found;
  }

  #view(partition: PartitionName): LedgerView {
    this.#followerOf(partition).assertFollowing();
    return this.#options.view;
  }

  #followerOf(partition: PartitionName): LedgerFollower {
    const follower = this.#followers.get(nameOf(partition));
    if (follower !== undefined) return follower;
    throw new HoldfastError('NotFound', { detail: `The ledger has no partition ${nameOf(partition)}.` });
  }
}

/** As `Promise.all`, but none of them still works on the view once this rejects. */
const settledAll = async <T>(promises: readonly Promise<T>[]): Promise<readonly T[]> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};

const headOf = ({ value }: RawRecord): SignedHead | undefined => {
  try {
    return SignedHead.safeParse(JSON.parse(Buffer.from(value ?? []).toString())).data;
  } catch {
    return undefined;
  }
};

const nameOf = ({ stream, generation, partition }: PartitionName): string =>
  `${stream}/${generation}/${partition}`;
