import type { PartitionHead, SignedHead } from '../../schemas/archive/ledger.ts';
import type { Ledger, PartitionName } from '../ports/ledger.ts';

/**
 * Whether the ledger still holds this head and every tree goes on from the one that was signed. If not, somebody took
 * ranges or heads away or wrote another history: a new signature would make it pass for ours.
 */
export const continuesHead = async (ledger: Ledger, head: SignedHead): Promise<boolean> => {
  if (!(await holds(ledger, head))) return false;
  for (const partition of head.heads) if (!(await continuesTree(ledger, partition))) return false;
  return true;
};

const holds = async (ledger: Ledger, { signature }: SignedHead): Promise<boolean> => {
  const [newest] = await ledger.heads(1);
  if (newest?.signature === signature) return true;
  return (await ledger.findHead(signature)) !== undefined;
};

/** A head is signed where a range ends, so the next range says what it continues. */
const continuesTree = async (ledger: Ledger, { size, root, ...name }: PartitionHead): Promise<boolean> => {
  const partition = name as PartitionName;
  const frontier = await ledger.frontier(partition);
  if (frontier.size === size) return frontier.root === root;
  for await (const { from, previousRoot } of ledger.ranges(partition, size))
    return from === size && (size === 0 || previousRoot === root);
  return false;
};
