import { z } from 'zod';
import { Progress, RebuildReport, VerifyReport } from './archive-operations.ts';
import { Problem } from './problem.ts';

/** Largest body of `POST /api/v1/events`; more lines are sent in further requests. */
export const maxAppendBytes = 64 * 1024 * 1024;
/** Most lines one request may append: their results are held until the answer. */
export const maxAppendLines = 100_000;

export const ItemPath = z.strictObject({ id: z.string().min(1).max(256) });
export const ConversationPath = z.strictObject({ id: z.string().min(1).max(256) });

export const QuarantineRequest = z
  .strictObject({
    after: z.string().max(1024).optional().meta({ description: 'Cursor of the page before.' }),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  })
  .meta({ id: 'QuarantineRequest' });
export type QuarantineRequest = z.infer<typeof QuarantineRequest>;

/** Answer of `POST /api/v1/outcomes` while the archiver is still busy: ask again. */
export const OutcomesPending = z
  .strictObject({ pending: z.literal(true) })
  .meta({ id: 'OutcomesPending', description: 'Not all positions have their outcome yet; ask again.' });

const ProblemLine = z.strictObject({ kind: z.literal('problem'), problem: Problem });

/** A line of a streamed answer: progress, and at the end the report or the problem. */
export const VerifyLine = z
  .discriminatedUnion('kind', [
    Progress,
    z.strictObject({ kind: z.literal('report'), report: VerifyReport }),
    ProblemLine,
  ])
  .meta({ id: 'VerifyLine' });
export const RebuildLine = z
  .discriminatedUnion('kind', [
    Progress,
    z.strictObject({ kind: z.literal('report'), report: RebuildReport }),
    ProblemLine,
  ])
  .meta({ id: 'RebuildLine' });

export const Health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });
export const Readiness = z
  .strictObject({
    ready: z.boolean(),
    reason: z.string().optional().meta({ description: 'What is missing, when not ready.' }),
  })
  .meta({ id: 'Readiness', description: 'Ready: the log can be written and the archiver runs.' });
export type Readiness = z.infer<typeof Readiness>;
