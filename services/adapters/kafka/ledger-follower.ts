import { hash } from 'node:crypto';
import { RangeProposal } from '../../../schemas/archive/ledger.ts';
import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import type { PartitionName, ProposalResult } from '../../ports/ledger.ts';
import type { LedgerView } from '../../ports/ledger-view.ts';
import type { RawRecord } from './record-batches.ts';
import type { TopicStream } from './topic-stream.ts';

interface Awaited {
  readonly proposal: RangeProposal;
  readonly bytes: Uint8Array;
  resolve(result: ProposalResult): void;
  reject(error: unknown): void;
}

export interface FollowedPartition {
  readonly partition: PartitionName;
  /** Holds the proposals of this partition under the partition's number. */
  readonly stream: TopicStream;
  readonly view: LedgerView;
}

const pauseMs = 200;

/**
 * Applies the proposals of one partition to the view, in the order of the stream; the first that continues the chain
 * wins, in every process alike. What is no proposal for this partition is void.
 */
export class LedgerFollower {
  readonly #followed: FollowedPartition;
  readonly #name: string;
  readonly #awaited = new Set<Awaited>();
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

  /** Whether the bookmark belongs to this stream: it has the record that was applied last. */
  async isContinued(): Promise<boolean> {
    const bookmark = await this.#followed.view.bookmark(this.#name);
    if (bookmark === undefined || bookmark.next === 0) return true;
    const at = { partition: this.#followed.partition.partition, offset: bookmark.next - 1 };
    if ((await this.#followed.stream.end(at.partition)) < bookmark.next) return false;
    const { records } = await this.#followed.stream.fetch(at, 1);
    return records[0]?.offset === at.offset && hashOf(records[0]) === bookmark.lastHash;
  }

  /** Applies everything up to the end as it is now, then follows. */
  async start(): Promise<void> {
    const bookmark = await this.#followed.view.bookmark(this.#name);
    this.#next = bookmark?.next ?? 0;
    const { stream, partition } = this.#followed;
    for await (const records of stream.read({ partition: partition.partition, offset: this.#next }))
      await this.#apply(records);
    this.#following = this.#follow();
  }

  /** The result of a proposal once it was read back; rejects when the stream cannot be read. */
  readBack(
    proposal: RangeProposal,
    bytes: Uint8Array,
  ): { result: Promise<ProposalResult>; giveUp: () => void } {
    const { promise, resolve, reject } = Promise.withResolvers<ProposalResult>();
    const awaited: Awaited = { proposal, bytes, resolve, reject };
    this.#awaited.add(awaited);
    promise.catch(() => undefined);
    return { result: promise, giveUp: () => this.#awaited.delete(awaited) };
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
    const { stream, partition } = this.#followed;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const from = { partition: partition.partition, offset: this.#next };
        for await (const records of stream.read(from, { follow: true, signal })) {
          await this.#apply(records);
          this.#fault = undefined;
        }
      } catch (fault) {
        if (signal.aborted) return;
        this.#fault = fault;
        this.#rejectAll(fault);
        await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
      }
    }
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
    if (own !== undefined) this.#awaited.delete(own);
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

  #ownOf({ value }: RawRecord): Awaited | undefined {
    if (value === null) return undefined;
    for (const awaited of this.#awaited) if (Buffer.compare(awaited.bytes, value) === 0) return awaited;
    return undefined;
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
    for (const { reject } of this.#awaited) reject(error);
    this.#awaited.clear();
  }
}

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
