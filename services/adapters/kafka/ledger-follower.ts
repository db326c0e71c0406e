import { hash, randomUUID } from 'node:crypto';
import { RangeProposal } from '../../../schemas/archive/ledger.ts';
import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PartitionName, ProposalResult } from '../../ports/ledger.ts';
import type { LedgerView } from '../../ports/ledger-view.ts';
import type { RawRecord } from './record-batches.ts';
import type { StreamPosition, TopicStream } from './topic-stream.ts';

interface Awaited {
  readonly proposal: RangeProposal;
  resolve(result: ProposalResult): void;
  reject(error: unknown): void;
}

export interface ReadBack {
  /** Of the record, and of no other: who proposes the same at the same time must not take our record for theirs. */
  readonly key: string;
  readonly result: Promise<ProposalResult>;
  /** Where the record was stored: had that been passed already, the stream is not the one that was followed. */
  storedAt(offset: number): void;
  giveUp(): void;
}

export interface FollowedPartition {
  readonly partition: PartitionName;
  /** Holds the proposals of this partition under the partition's number. */
  readonly stream: TopicStream;
  readonly view: LedgerView;
  readonly clock: Clock;
}

const pauseMs = 200;

/**
 * Applies the proposals of one partition to the view, in the order of the stream; the first that continues the chain
 * wins, in every process alike. What is no proposal for this partition is void.
 */
export class LedgerFollower {
  readonly #followed: FollowedPartition;
  readonly #name: string;
  readonly #awaited = new Map<string, Awaited>();
  readonly #stop = new AbortController();
  #next = 0;
  #following: Promise<void> | undefined;
  #fault: unknown;
  /** Records that were no proposal of ours. */
  voided = 0;

  constructor(followed: FollowedPartition) {
    this.#followed = followed;
    const { stream, generation, partition } = followed.partition;
    this.#name = `${stream}/${generation}/${partition}`;
  }

  /** Whether the view was made from this stream: it has the record that was applied last. */
  async isContinued(): Promise<boolean> {
    const { partition, stream, view } = this.#followed;
    const bookmark = await view.bookmark(this.#name);
    // Killed between the first ranges and their bookmark: nothing says from which stream they are.
    if (bookmark === undefined) return (await view.frontier(partition)).size === 0;
    if (bookmark.next === 0) return true;
    const at = { partition: partition.partition, offset: bookmark.next - 1 };
    if ((await stream.end(at.partition)) < bookmark.next) return false;
    const { records } = await stream.fetch(at, 1);
    return records[0]?.offset === at.offset && hashOf(records[0]) === bookmark.lastHash;
  }

  /** Applies everything up to the end as it is now. */
  async catchUp(): Promise<void> {
    const bookmark = await this.#followed.view.bookmark(this.#name);
    this.#next = bookmark?.next ?? 0;
    const { stream, partition } = this.#followed;
    for await (const records of stream.read({ partition: partition.partition, offset: this.#next }))
      await this.#apply(records);
  }

  /** Applies what comes from now on. */
  follow(): void {
    this.#following ??= this.#follow();
  }

  /** The result of a proposal once it was read back; rejects when the stream cannot be read. */
  readBack(proposal: RangeProposal): ReadBack {
    const { promise, resolve, reject } = Promise.withResolvers<ProposalResult>();
    const key = `range.${randomUUID()}`;
    this.#awaited.set(key, { proposal, resolve, reject });
    promise.catch(() => undefined);
    return {
      key,
      result: promise,
      storedAt: (offset) => {
        if (offset < this.#next && this.#awaited.has(key)) reject(replaced(this.#name));
      },
      giveUp: () => this.#awaited.delete(key),
    };
  }

  /** Throws while the stream cannot be read: what the view says may be old. */
  assertFollowing(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    this.#rejectAll(new HoldfastError('LedgerUnavailable', { detail: 'The ledger is closed.' }));
  }

  async #follow(): Promise<void> {
    const { stream } = this.#followed;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        // First to the end as it is now: a quiet stream would not say that it can be read again.
        for await (const records of stream.read(this.#from(), { signal })) await this.#apply(records);
        this.#fault = undefined;
        for await (const records of stream.read(this.#from(), { follow: true, signal }))
          await this.#apply(records);
      } catch (fault) {
        if (signal.aborted) return;
        this.#fault = fault;
        this.#rejectAll(fault);
        await this.#followed.clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  }

  #from(): StreamPosition {
    return { partition: this.#followed.partition.partition, offset: this.#next };
  }

  async #apply(records: readonly RawRecord[]): Promise<void> {
    for (const record of records) await this.#judge(record);
    const last = records.at(-1);
    if (last === undefined) return;
    this.#next = last.offset + 1;
    await this.#followed.view.setBookmark(this.#name, { next: this.#next, lastHash: hashOf(last) });
  }

  async #judge(record: RawRecord): Promise<void> {
    const own = this.#ownOf(record);
    const proposal = own?.proposal ?? this.#read(record);
    if (own !== undefined) this.#awaited.delete(record.key);
    try {
      if (proposal === undefined) this.voided += 1;
      else {
        const result = await this.#followed.view.propose(proposal);
        own?.resolve(result);
      }
    } catch (error) {
      own?.reject(error);
      // A proposal whose root does not follow from its entries is void, like any other nonsense.
      if (!isHoldfastError(error, 'Internal')) throw error;
      this.voided += 1;
    }
  }

  /** Only once: what was sent again after a lost answer may be stored twice. */
  #ownOf({ key, value }: RawRecord): Awaited | undefined {
    return value === null ? undefined : this.#awaited.get(key);
  }

  #read({ value }: RawRecord): RangeProposal | undefined {
    const parsed = RangeProposal.safeParse(parseJson(value));
    const { stream, generation, partition } = this.#followed.partition;
    if (!parsed.success) return undefined;
    const { data } = parsed;
    const isHere = data.stream === stream && data.generation === generation && data.partition === partition;
    return isHere ? data : undefined;
  }

  #rejectAll(error: unknown): void {
    for (const { reject } of this.#awaited.values()) reject(error);
    this.#awaited.clear();
  }
}

const replaced = (name: string): HoldfastError =>
  new HoldfastError('LedgerUnavailable', {
    detail: `The topic with the proposals of ${name} was replaced by another; restart this process.`,
  });

const hashOf = ({ value }: RawRecord): string => hash('sha256', value ?? '', 'hex');

const parseJson = (value: Uint8Array | null): unknown => {
  try {
    return value === null
      ? undefined
      : JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.length).toString());
  } catch {
    return undefined;
  }
};
