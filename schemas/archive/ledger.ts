import { z } from 'zod';
import { EventId, Instant, ItemId, Sha256 } from '../ids.ts';

/** Streams the ledger accounts for; records of governance and audit are leaves of outcome `control`. */
export const DataStream = z.enum(['im', 'governance', 'audit']);
export type DataStream = z.infer<typeof DataStream>;

export const OutcomeKind = z
  .enum(['archived', 'conflict', 'duplicate', 'refused', 'quarantined', 'control'])
  .meta({ description: 'What became of one offset; every offset has exactly one.' });
export type OutcomeKind = z.infer<typeof OutcomeKind>;

/** The leaf of one offset in the RFC 6962 tree of its partition. Leaf index = offset. */
export const LeafEntry = z
  .strictObject({
    offset: z.int().min(0),
    outcome: OutcomeKind,
    eventId: EventId.optional().meta({
      description: 'Absent when the record could not be read as an event.',
    }),
    itemId: ItemId.optional().meta({
      description: 'The item the event went into; archived and conflict only.',
    }),
    reason: z
      .string()
      .max(2048)
      .optional()
      .meta({ description: 'Why refused or quarantined, or what it duplicates.' }),
    valueHash: Sha256.meta({ description: "SHA-256 of the record's value as stored." }),
    contentHash: Sha256.optional().meta({
      description: 'Hash of the content without nonce and ingest facts.',
    }),
    itemHash: Sha256.optional().meta({ description: 'Hash of the item after this fact was folded in.' }),
    transformVersion: z.int().min(1).meta({ description: 'Version of the event-to-item rules.' }),
  })
  .meta({ id: 'LeafEntry' });
export type LeafEntry = z.infer<typeof LeafEntry>;

/** An archiver's proposal; the first in stream order that continues the chain counts. */
export const RangeProposal = z
  .strictObject({
    stream: DataStream,
    generation: z.int().min(1),
    partition: z.int().min(0),
    from: z.int().min(0).meta({ description: 'First offset, inclusive.' }),
    to: z.int().min(1).meta({ description: 'End offset, exclusive.' }),
    previousRoot: Sha256.meta({ description: 'Tree root at size `from`.' }),
    root: Sha256.meta({ description: 'Tree root at size `to`.' }),
    governanceOffset: z
      .int()
      .min(0)
      .meta({ description: 'End of the governance stream the outcomes were decided at.' }),
    entries: z.array(LeafEntry).min(1),
  })
  .meta({ id: 'RangeProposal' });
export type RangeProposal = z.infer<typeof RangeProposal>;

export const PartitionHead = z
  .strictObject({
    stream: z.string(),
    generation: z.int().min(1),
    partition: z.int().min(0),
    size: z.int().min(0),
    root: Sha256,
  })
  .meta({ id: 'PartitionHead' });
export type PartitionHead = z.infer<typeof PartitionHead>;

/** The list of partition heads one signer read, signed with Ed25519. */
export const SignedHead = z
  .strictObject({
    installation: z.string(),
    signedAt: Instant,
    heads: z.array(PartitionHead),
    keyId: z.string().meta({ description: 'First 16 hex digits of the SHA-256 of the public key.' }),
    signature: z.base64(),
  })
  .meta({ id: 'SignedHead' });
export type SignedHead = z.infer<typeof SignedHead>;

/** Up to where an answer is complete. Same query, same vector: same ids. */
export const Vector = z
  .strictObject({
    offsets: z.array(z.int().min(0)).meta({
      description: 'Per partition of the im stream: every offset below was archived and is searchable.',
    }),
    governanceOffset: z.int().min(0),
    analyzerVersion: z.int().min(1),
    timeZone: z.string(),
    now: Instant,
  })
  .meta({ id: 'Vector' });
export type Vector = z.infer<typeof Vector>;

export const Certificate = z
  .strictObject({
    installation: z.string(),
    vector: Vector,
    itemsCovered: z.int().min(0),
    undetermined: z.int().min(0).meta({ description: 'Items that could match if what is unread were read.' }),
    quarantined: z.int().min(0),
    pending: z
      .int()
      .min(0)
      .meta({ description: 'Events logged but not yet archived when the search began.' }),
    head: SignedHead.optional().meta({ description: 'The newest signed tree head.' }),
    auditOffset: z.int().min(0).meta({ description: 'Where this search stands in the audit stream.' }),
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.infer<typeof Certificate>;
