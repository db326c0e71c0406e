import type {
  DataStream,
  LeafEntry,
  OutcomeKind,
  RangeProposal,
  SignedHead,
} from '../../schemas/archive/ledger.ts';
import type { FirstClaim } from '../core/ledger/claim-with.ts';

export interface PartitionName {
  readonly stream: DataStream;
  readonly generation: number;
  readonly partition: number;
}

/** How far a partition is accounted for. The tree has one leaf per offset, so `size` is also the next offset. */
export interface Frontier {
  readonly size: number;
  /** Root of the tree at `size` (RFC 6962; hash of the empty string at 0), lower-case hex. */
  readonly root: string;
  /** Roots of the perfect subtrees from left to right, hex: enough to append leaves. */
  readonly peaks: readonly string[];
}

export type ProposalResult =
  | { readonly won: true; readonly frontier: Frontier }
  | { readonly won: false; readonly frontier: Frontier };

export interface FirstOccurrence extends PartitionName, FirstClaim {
  readonly outcome: OutcomeKind;
  readonly itemId?: string;
}

export interface RangeRecord extends RangeProposal {
  readonly peaks: readonly string[];
}

/**
 * The account of every offset and the archiver's checkpoint.
 *
 * Promises: a proposal that won is durable and was read back; of two proposals for one range exactly one wins;
 * a proposal whose `from` or `previousRoot` does not continue the chain loses and changes nothing; a proposal
 * whose `root` or entry offsets do not follow from its entries is refused as a programming error (throws).
 * The caller goes on only after `won`, and on a loss applies the winner's outcomes before it proposes again.
 */
export interface Ledger extends AsyncDisposable {
  propose(proposal: RangeProposal): Promise<ProposalResult>;
  frontier(partition: PartitionName): Promise<Frontier>;
  /** Winning ranges in order, starting with the one that holds `fromOffset`. */
  ranges(partition: PartitionName, fromOffset: number): AsyncIterable<RangeRecord>;
  /** Entries of these offsets, in the order asked; `undefined` where not yet accounted for. */
  entries(partition: PartitionName, offsets: readonly number[]): Promise<readonly (LeafEntry | undefined)[]>;
  /**
   * First occurrence of each event id in any partition: the first entry with that id and a content hash that is no
   * duplicate (archived, conflict, refused, or quarantined by an importer).
   */
  find(eventIds: readonly string[]): Promise<ReadonlyMap<string, FirstOccurrence>>;
  /** Where the quarantine stands, in order of offset. */
  quarantined(partition: PartitionName, fromOffset: number, limit: number): Promise<readonly LeafEntry[]>;
  /** Number of entries per outcome. */
  counts(partition: PartitionName): Promise<Readonly<Record<OutcomeKind, number>>>;
  appendHead(head: SignedHead): Promise<void>;
  /** Signed heads, newest first. */
  heads(limit: number): Promise<readonly SignedHead[]>;
  /** The newest head with this signature, however many came after it. */
  findHead(signature: string): Promise<SignedHead | undefined>;
}
