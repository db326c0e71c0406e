import { z } from 'zod';
import { Certificate, OutcomeKind, SignedHead } from '../archive/ledger.ts';
import { Scope } from '../events/governance-event.ts';
import { EventId, Sha256 } from '../ids.ts';

export const Position = z
  .strictObject({
    stream: z.enum(['im', 'governance', 'audit']),
    generation: z.int().min(1),
    partition: z.int().min(0),
    offset: z.int().min(0),
  })
  .meta({ id: 'Position' });

/** Largest line `POST /api/v1/events` takes, in bytes; the log's own limit is 1 MiB. */
export const maxEventBytes = 1024 * 1024;

export const AppendResult = z
  .discriminatedUnion('status', [
    z.strictObject({ line: z.int().min(1), status: z.literal('accepted'), position: Position }),
    z.strictObject({
      line: z.int().min(1),
      status: z.literal('quarantined'),
      position: Position,
      reason: z.string().meta({ description: 'What was expected; the line is kept, counted and shown.' }),
    }),
    z.strictObject({ line: z.int().min(1), status: z.literal('refused'), reason: z.string() }),
  ])
  .meta({ id: 'AppendResult' });
export type AppendResult = z.infer<typeof AppendResult>;

export const AppendAnswer = z
  .strictObject({
    accepted: z.int().min(0),
    quarantined: z.int().min(0),
    refused: z.int().min(0),
    results: z.array(AppendResult).meta({ description: 'One a line, in the order of the lines.' }),
  })
  .meta({ id: 'AppendAnswer' });
export type AppendAnswer = z.infer<typeof AppendAnswer>;

/** Asked at once: more would hold up other requests while it is parsed. */
export const maxAsked = 1_000;

export const KnownRequest = z
  .strictObject({ events: z.array(z.strictObject({ id: EventId, contentHash: Sha256 })).max(maxAsked) })
  .meta({ id: 'KnownRequest' });
export const KnownAnswer = z.strictObject({ known: z.array(z.boolean()) }).meta({ id: 'KnownAnswer' });

export const OutcomesRequest = z
  .strictObject({ positions: z.array(Position).max(maxAsked) })
  .meta({ id: 'OutcomesRequest' });
export const OutcomesAnswer = z
  .strictObject({
    outcomes: z.array(z.strictObject({ outcome: OutcomeKind, reason: z.string().optional() })),
  })
  .meta({ id: 'OutcomesAnswer' });

export const PartitionCoverage = z
  .strictObject({
    partition: z.int().min(0),
    logged: z.int().min(0).meta({ description: 'Events in the log.' }),
    accounted: z.int().min(0).meta({ description: 'Events with an outcome in the ledger; dense from 0.' }),
    searchable: z.int().min(0),
    outcomes: z.record(OutcomeKind, z.int().min(0)),
    items: z.int().min(0).meta({ description: 'Items in the index.' }),
    root: Sha256,
  })
  .meta({ id: 'PartitionCoverage' });

export const Coverage = z
  .strictObject({
    installation: z.string(),
    scope: Scope,
    partitions: z.array(PartitionCoverage),
    totals: z.strictObject({
      logged: z.int().min(0),
      accounted: z.int().min(0),
      pending: z.int().min(0),
      items: z.int().min(0),
      outcomes: z.record(OutcomeKind, z.int().min(0)),
    }),
    archiver: z.strictObject({
      state: z.enum(['starting', 'running', 'stopped', 'failed']),
      failure: z.string().optional(),
    }),
    certificate: Certificate,
  })
  .meta({ id: 'Coverage' });
export type Coverage = z.infer<typeof Coverage>;

export const QuarantineEntry = z
  .strictObject({
    position: Position,
    reason: z.string(),
    valueHash: Sha256,
    bytes: z.base64().optional(),
    eventId: EventId.optional(),
    redriven: z.boolean(),
  })
  .meta({ id: 'QuarantineEntry' });
export type QuarantineEntry = z.infer<typeof QuarantineEntry>;

export const QuarantineAnswer = z
  .strictObject({ total: z.int().min(0), entries: z.array(QuarantineEntry), next: z.string().optional() })
  .meta({ id: 'QuarantineAnswer' });
export type QuarantineAnswer = z.infer<typeof QuarantineAnswer>;

export const RetryReport = z
  .strictObject({ tried: z.int().min(0), redriven: z.int().min(0), stillUnreadable: z.int().min(0) })
  .meta({ id: 'RetryReport' });
export type RetryReport = z.infer<typeof RetryReport>;

export const ScopeAnswer = z
  .strictObject({ scope: Scope, version: z.int().min(0), governanceOffset: z.int().min(0) })
  .meta({ id: 'ScopeAnswer' });
export type ScopeAnswer = z.infer<typeof ScopeAnswer>;

export const SetScopeRequest = z
  .strictObject({
    scope: Scope,
    commandId: EventId.optional(),
    expectedVersion: z.int().min(0).optional(),
    reason: z.string().max(1024).optional(),
  })
  .meta({ id: 'SetScopeRequest' });
export type SetScopeRequest = z.infer<typeof SetScopeRequest>;

export const Difference = z
  .strictObject({
    partition: z.int().min(0).optional(),
    offset: z.int().min(0).optional(),
    itemId: z.string().optional(),
    what: z.string().meta({ description: 'What was expected and what was found.' }),
  })
  .meta({ id: 'Difference' });
export type Difference = z.infer<typeof Difference>;

export const VerifyReport = z
  .strictObject({
    ok: z.boolean(),
    partitions: z.array(
      z.strictObject({
        partition: z.int().min(0),
        events: z.int().min(0),
        items: z.int().min(0),
        root: Sha256,
        witnessed: z.int().min(0),
      }),
    ),
    unwitnessedTail: z.int().min(0).meta({ description: 'Events after the last signed head.' }),
    differences: z.array(Difference).meta({ description: 'The first ones, in order.' }),
    head: SignedHead.optional(),
  })
  .meta({ id: 'VerifyReport' });
export type VerifyReport = z.infer<typeof VerifyReport>;

export const Progress = z
  .strictObject({
    kind: z.literal('progress'),
    done: z.int().min(0),
    total: z.int().min(0),
    what: z.string(),
  })
  .meta({ id: 'Progress' });
export type Progress = z.infer<typeof Progress>;

export const RebuildReport = z
  .strictObject({ items: z.int().min(0), events: z.int().min(0), elapsedMs: z.number().min(0) })
  .meta({ id: 'RebuildReport' });
export type RebuildReport = z.infer<typeof RebuildReport>;

export const AuditNote = z
  .strictObject({
    action: z.enum(['import.begin', 'import.end']),
    purpose: z.string().max(1024),
    detail: z.record(z.string(), z.json()),
  })
  .meta({ id: 'AuditNote' });
export type AuditNote = z.infer<typeof AuditNote>;
