import { createHash } from 'node:crypto';
import {
  type LeafEntry,
  LeafEntry as leafEntry,
  type OutcomeKind,
  type RangeProposal,
} from '../../schemas/archive/ledger.ts';
import { extendFrontier } from '../../services/core/ledger/extend-frontier.ts';
import type { Frontier, PartitionName } from '../../services/ports/ledger.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const imPartition = (partition = 0): PartitionName => ({ stream: 'im', generation: 1, partition });

/** An entry as an archiver makes it; the event id and hashes follow from `id` unless given. */
export const leaf = (
  offset: number,
  outcome: OutcomeKind = 'archived',
  fields: Partial<Record<keyof LeafEntry, unknown>> = {},
): LeafEntry => {
  const id = fields.eventId ?? `event-${offset}`;
  const made: Record<OutcomeKind, object> = {
    archived: { eventId: id, itemId: id, contentHash: sha256(`c${id}`), itemHash: sha256(`i${id}`) },
    conflict: { eventId: id, itemId: `${id}~1`, contentHash: sha256(`x${id}`), itemHash: sha256(`y${id}`) },
    duplicate: { eventId: id, contentHash: sha256(`c${id}`), reason: 'same id and content as 0/0' },
    refused: { eventId: id, contentHash: sha256(`c${id}`), reason: 'nobody in scope' },
    quarantined: { reason: 'not JSON' },
    control: {},
  };
  return leafEntry.parse({
    offset,
    outcome,
    valueHash: sha256(`v${id}`),
    transformVersion: 1,
    ...made[outcome],
    ...fields,
  });
};

/** The proposal that continues a frontier with these entries. */
export const proposalOf = (
  partition: PartitionName,
  frontier: Frontier,
  entries: readonly LeafEntry[],
): RangeProposal => ({
  ...partition,
  from: frontier.size,
  to: frontier.size + entries.length,
  previousRoot: frontier.root,
  root: extendFrontier(frontier, partition, entries).root,
  governanceOffset: 7,
  entries: [...entries],
});
