import type { Progress } from '../../schemas/api/archive-operations.ts';

/** Long work: progress as it goes, then one report. Returning from the iteration stops the work cleanly. */
export type Steps<Report> = AsyncIterable<Progress | { readonly kind: 'report'; readonly report: Report }>;
