import { z } from 'zod';

/** What an examination of an installation found in one place. */
export const Finding = z
  .strictObject({
    area: z.enum(['configuration', 'keys', 'Kafka', 'Elasticsearch', 'archive', 'disk', 'clock']),
    state: z.enum(['ok', 'warning', 'fault']),
    found: z.string(),
    fix: z.string().optional().meta({ description: 'What to do about it.' }),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof Finding>;
