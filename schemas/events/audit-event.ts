import { z } from 'zod';
import { EventId, Instant } from '../ids.ts';
import { currentSchemaVersion } from './im-event.ts';

export const AuditAction = z.enum([
  'search',
  'item.view',
  'conversation.view',
  'coverage.view',
  'quarantine.view',
  'quarantine.retry',
  'scope.view',
  'scope.set',
  'import.begin',
  'import.end',
  'index.rebuild',
  'verify',
  'refusal',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** One read, change or refusal: who, why, what. The answer never leaves before this is durable. */
export const AuditEvent = z
  .strictObject({
    specversion: z.literal('1.0'),
    id: EventId,
    source: z.string().min(1).max(512),
    type: z.literal('holdfast.audit.entry'),
    schemaversion: z.literal(currentSchemaVersion),
    data: z.strictObject({
      actor: z.string().min(1).max(320),
      purpose: z
        .string()
        .max(1024)
        .meta({ description: 'Why, in the words of the actor; empty when not given.' }),
      at: Instant,
      action: AuditAction,
      detail: z
        .record(z.string(), z.json())
        .meta({ description: 'What was asked, e.g. the query text or the item id.' }),
    }),
  })
  .meta({ id: 'audit.entry' });
export type AuditEvent = z.infer<typeof AuditEvent>;
