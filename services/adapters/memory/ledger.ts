import type { LeafEntry, OutcomeKind, RangeProposal, SignedHead } from '../../../schemas/archive/ledger.ts';
import { claimsId } from '../../core/ledger/claims-id.ts';
import { continues, frontierAfter } from '../../core/ledger/judge-proposal.ts';
import { emptyRoot } from '../../core/ledger/merkle.ts';
import type {
  FirstOccurrence,
  Frontier,
  Ledger,
  PartitionName,
  ProposalResult,
  RangeRecord,
} from '../../ports/ledger.ts';

interface Account {
  frontier: Frontier;
  readonly ranges: RangeRecord[];
  readonly entries: LeafEntry[];
}

/** A ledger that lasts as long as the object: for tests and simulations. */
export class MemoryLedger implements Ledger {
  readonly #accounts = new Map<string, Account>();
  readonly #occurrences = new Map<string, FirstOccurrence>();
  readonly #heads: SignedHead[] = [];

  async propose(proposal: RangeProposal): Promise<ProposalResult> {
    const account = this.#accountOf(proposal);
    if (!continues(account.frontier, proposal)) return { won: false, frontier: account.frontier };
    const next = frontierAfter(account.frontier, proposal);
    const range = structuredClone({ ...proposal, peaks: next.peaks });
    account.frontier = next;
    account.ranges.push(range);
    for (const entry of range.entries) {
      account.entries.push(entry);
      this.#remember(range, entry);
    }
    return { won: true, frontier: next };
  }

  async frontier(partition: PartitionName): Promise<Frontier> {
    return this.#accountOf(partition).frontier;
  }

  async *ranges(partition: PartitionName, fromOffset: number): AsyncGenerator<RangeRecord, void, void> {
    const { ranges } = this.#accountOf(partition);
    for (const range of ranges) if (range.to > fromOffset) yield range;
  }

  async entries(
    partition: PartitionName,
    offsets: readonly number[],
  ): Promise<readonly (LeafEntry | undefined)[]> {
    const { entries } = this.#accountOf(partition);
    return offsets.map((offset) => entries[offset]);
  }

  async find(eventIds: readonly string[]): Promise<ReadonlyMap<string, FirstOccurrence>> {
    const found = new Map<string, FirstOccurrence>();
    for (const eventId of eventIds) {
      const occurrence = this.#occurrences.get(eventId);
      if (occurrence) found.set(eventId, occurrence);
    }
    return found;
  }

  async quarantined(
    partition: PartitionName,
    fromOffset: number,
    limit: number,
  ): Promise<readonly LeafEntry[]> {
    const { entries } = this.#accountOf(partition);
    return entries
      .filter(({ offset, outcome }) => outcome === 'quarantined' && offset >= fromOffset)
      .slice(0, limit);
  }

  async counts(partition: PartitionName): Promise<Readonly<Record<OutcomeKind, number>>> {
    const counts = { archived: 0, conflict: 0, duplicate: 0, refused: 0, quarantined: 0, control: 0 };
    for (const { outcome } of this.#accountOf(partition).entries) counts[outcome] += 1;
    return counts;
  }

  async appendHead(head: SignedHead): Promise<void> {
    this.#heads.push(structuredClone(head));
  }

  async heads(limit: number): Promise<readonly SignedHead[]> {
    return this.#heads.toReversed().slice(0, limit);
  }

  async findHead(signature: string): Promise<SignedHead | undefined> {
    return this.#heads.findLast((head) => head.signature === signature);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  protected forget(): void {
    this.#accounts.clear();
    this.#occurrences.clear();
    this.#heads.length = 0;
  }

  #accountOf({ stream, generation, partition }: PartitionName): Account {
    const name = `${stream}/${generation}/${partition}`;
    const account = this.#accounts.get(name) ?? {
      frontier: { size: 0, root: emptyRoot, peaks: [] },
      ranges: [],
      entries: [],
    };
    this.#accounts.set(name, account);
    return account;
  }

  #remember({ stream, generation, partition }: PartitionName, entry: LeafEntry): void {
    if (!claimsId(entry)) return;
    const { eventId, offset, outcome, contentHash, itemId } = entry;
    const first = this.#occurrences.get(eventId);
    if (first !== undefined) {
      const others = [...(first.others ?? []), { partition, offset, contentHash }];
      this.#occurrences.set(eventId, { ...first, others });
      return;
    }
    this.#occurrences.set(eventId, {
      stream,
      generation,
      partition,
      offset,
      outcome,
      contentHash,
      ...(itemId !== undefined && { itemId }),
    });
  }
}
