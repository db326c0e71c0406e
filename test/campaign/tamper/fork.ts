import type { LeafEntry, RangeProposal } from '../../../schemas/archive/ledger.ts';
import { extendFrontier } from '../../../services/core/ledger/extend-frontier.ts';
import { emptyRoot } from '../../../services/core/ledger/merkle.ts';
import type { Dice } from '../../support/dice.ts';

/** A second history: one entry is another, and every root from there on follows from it. */
export const forkAt = (
  ranges: readonly RangeProposal[],
  offset: number,
  other: (entry: LeafEntry) => LeafEntry,
): readonly RangeProposal[] => {
  let frontier = { size: 0, root: emptyRoot, peaks: [] as readonly string[] };
  return ranges.map((range) => {
    const entries = range.entries.map((entry) => (entry.offset === offset ? other(entry) : entry));
    const previousRoot = frontier.root;
    frontier = extendFrontier(frontier, range, entries);
    const { stream, generation, partition, from, to, governanceOffset } = range;
    return {
      stream,
      generation,
      partition,
      from,
      to,
      previousRoot,
      root: frontier.root,
      governanceOffset,
      entries,
    };
  });
};

/** What somebody might want an entry to say. */
export const otherEntry =
  (chance: Dice) =>
  ({ itemId: _, itemHash: __, ...entry }: LeafEntry): LeafEntry =>
    chance.pick<() => LeafEntry>([
      () => ({ ...entry, outcome: 'refused', reason: 'nobody in scope' }),
      () => ({ ...entry, outcome: 'quarantined', reason: 'it could not be read' }),
      () => ({ ...entry, outcome: 'duplicate', reason: 'same id and content as 0/0' }),
      () => ({ ...entry, outcome: 'archived', valueHash: chance.hex(32) }),
    ])();
