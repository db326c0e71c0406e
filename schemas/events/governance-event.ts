import { z } from 'zod';
import { EventId, Instant } from '../ids.ts';
import { currentSchemaVersion } from './im-event.ts';

/** Whose conversations are archived: everyone, or every conversation in which a listed person takes part. */
export const Scope = z
  .discriminatedUnion('who', [
    z.strictObject({ who: z.literal('everyone') }),
    z.strictObject({
      who: z.literal('users'),
      users: z
        .array(z.string().min(1).max(320))
        .max(100_000)
        .meta({ description: 'Addresses or person ids; case and width do not matter.' }),
    }),
  ])
  .meta({ id: 'Scope' });
export type Scope = z.infer<typeof Scope>;

const governance = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z
    .strictObject({
      specversion: z.literal('1.0'),
      id: EventId.meta({
        description: 'The command id: a re-sent command gets the outcome of its first occurrence.',
      }),
      source: z.string().min(1).max(512),
      type: z.literal(`holdfast.governance.${type}` as const),
      schemaversion: z.literal(currentSchemaVersion),
      data: z.strictObject({
        actor: z.string().min(1).max(320).meta({ description: 'Who gave the command.' }),
        at: Instant,
        reason: z.string().max(1024).optional(),
        ...data,
      }),
    })
    .meta({ id: `governance.${type}` });

export const ScopeSet = governance('scope.set', {
  scope: Scope,
  expectedVersion: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Number of scope changes the writer has seen; a lost race is a conflict.' }),
});

/** Events of the one governance stream; its offset orders every decision. */
export const GovernanceEvent = z.discriminatedUnion('type', [ScopeSet]);
export type GovernanceEvent = z.infer<typeof GovernanceEvent>;
