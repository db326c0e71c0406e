import type { RangeProposal } from '../../../schemas/archive/ledger.ts';
import { HoldfastError } from '../errors.ts';
import { extendFrontier } from './extend-frontier.ts';

type Frontier = ReturnType<typeof extendFrontier>;

/** Whether the proposal goes on where the partition stands; one that does not has lost its race. */
export const continues = (frontier: Frontier, proposal: RangeProposal): boolean =>
  proposal.from === frontier.size && proposal.previousRoot === frontier.root;

/**
 * The frontier after a proposal that continues this one. Throws when offsets or root do not follow from the entries:
 * only a mistake in the archiver can cause that, and the ledger must never hold it.
 */
export const frontierAfter = (frontier: Frontier, proposal: RangeProposal): Frontier => {
  const { from, to, entries } = proposal;
  const gap = entries.findIndex(({ offset }, index) => offset !== from + index);
  if (entries.length !== to - from || gap !== -1) {
    throw wrong(proposal, `its ${entries.length} entries are not the offsets ${from} to ${to - 1}`);
  }
  const next = extendFrontier(frontier, proposal, entries);
  if (next.root !== proposal.root) throw wrong(proposal, 'its root does not follow from its entries');
  return next;
};

const wrong = ({ stream, partition, from }: RangeProposal, what: string): HoldfastError =>
  new HoldfastError('Internal', {
    detail: `The range proposed at ${stream} ${partition}/${from} is wrong: ${what}.`,
  });
