import { z } from 'zod';

/** Where a query was refused and how to mend it. */
export const QueryFault = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    offset: z.int().min(0).meta({ description: 'UTF-16 offset in the query text.' }),
    length: z.int().min(0),
    expected: z.string().optional(),
    fixes: z.array(z.string()).meta({ description: 'Corrected queries.' }),
  })
  .meta({ id: 'QueryFault' });

/** RFC 9457 problem; details of 5xx stay in the server log. */
export const Problem = z
  .strictObject({
    type: z.string().meta({ examples: ['urn:holdfast:problem:QueryRefused'] }),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    action: z.string().meta({ description: 'What the caller should do.' }),
    retryable: z.boolean(),
    instance: z.string().meta({ description: 'Request id, also in the server log.' }),
    faults: z.array(QueryFault).optional(),
    issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
