/** A place where an event id was used with some content, and that was no duplicate. */
export interface Claim {
  readonly partition: number;
  readonly offset: number;
  readonly contentHash: string;
}

export interface FirstClaim extends Claim {
  /** The claims after it, in order of their ranges: the id was used with other content too. */
  readonly others?: readonly Claim[];
}

/**
 * Where an event id was used with this content: the same again is a duplicate. Also where other content came first,
 * as when two partitions used one id at once. Undefined where it never was.
 */
export const claimWith = (first: FirstClaim | undefined, contentHash: string): Claim | undefined =>
  first && [first, ...(first.others ?? [])].find((claim) => claim.contentHash === contentHash);
