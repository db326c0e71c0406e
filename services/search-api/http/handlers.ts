import type { z } from 'zod';
import type { OutcomesRequest } from '../../../schemas/api/archive-operations.ts';
import { maxEventBytes } from '../../../schemas/api/archive-operations.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Archive } from '../archive.ts';
import { answerOf, appendLines } from './append-lines.ts';
import type { Exchange, Handlers } from './exchange.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { inTime } from './in-time.ts';
import type { PageFile } from './page-files.ts';
import { chunksOf, readBody } from './read-body.ts';
import type { Reply } from './replies.ts';

export interface HandlerParts {
  readonly archive: Archive;
  readonly metrics: HttpMetrics;
  readonly clock: Clock;
  readonly openapi: string;
  readonly page: ReadonlyMap<string, PageFile>;
}

/** How long one request waits for outcomes: below the time after which clients give up on an answer. */
const maxOutcomesWaitMs = 20_000;

const ok = (json: object): Reply => ({ status: 200, json });

/** One handler a route; the type makes sure that none is missing and none is left over. */
export const createHandlers = (parts: HandlerParts): Handlers => {
  const { archive } = parts;
  return {
    appendEvents: (exchange) => appendEvents(parts, exchange),
    search: async ({ caller, body }) =>
      ok(await archive.search({ ...caller, purpose: body.purpose ?? caller.purpose }, body)),
    item: async ({ caller, params }) => ok(await archive.item(caller, params.id)),
    conversation: async ({ caller, params, query }) =>
      ok(await archive.conversation(caller, params.id, query)),
    coverage: async ({ caller }) => ok(await archive.coverage(caller)),
    known: async ({ body }) => ok({ known: await archive.known(body.events) }),
    outcomes: ({ body, signal }) => waitForOutcomes(parts, body, signal),
    note: async ({ caller, body }) => {
      await archive.note({ ...caller, purpose: body.purpose }, body);
      return ok({ status: 'ok' });
    },
    quarantine: async ({ caller, query }) => ok(await archive.quarantine(caller, query.after, query.limit)),
    retryQuarantine: async ({ caller }) => ok(await archive.retryQuarantine(caller)),
    scope: async ({ caller }) => ok(await archive.scope(caller)),
    setScope: async ({ caller, body }) => ok(await archive.setScope(caller, body)),
    verify: ({ caller, signal }) => ({ status: 200, lines: archive.verify(caller, signal) }),
    rebuildIndex: ({ caller, signal }) => ({ status: 200, lines: archive.rebuildIndex(caller, signal) }),
    health: () => ok({ status: 'ok' }),
    readiness: async () => {
      const json = await inTime(
        parts.clock,
        () => archive.readiness(),
        (reason) => ({ ready: false, reason }),
      );
      return { status: json.ready ? 200 : 503, json };
    },
    metrics: async () => ({
      status: 200,
      text: await parts.metrics.registry.metrics(),
      mediaType: 'text/plain; version=0.0.4',
    }),
    openapi: () => ({ status: 200, text: parts.openapi, mediaType: 'application/json' }),
    page: () => pageFile(parts.page, 'index.html'),
    pageFile: ({ params }) => pageFile(parts.page, params.file),
  };
};

const appendEvents = async (
  { archive, metrics }: HandlerParts,
  { request, mediaType }: Exchange<'appendEvents'>,
): Promise<Reply> => {
  const answer =
    mediaType === 'application/json'
      ? answerOf([...(await archive.append([await readBody(request, maxEventBytes)])).results])
      : await appendLines(archive, chunksOf(request));
  metrics.countLines(answer);
  return { status: answer.accepted === answer.results.length ? 200 : 207, json: answer };
};

/** Answers "not yet" in time even when the archive itself would go on waiting. */
const waitForOutcomes = async (
  { archive, clock }: HandlerParts,
  { positions }: z.output<typeof OutcomesRequest>,
  signal: AbortSignal,
): Promise<Reply> => {
  const done = new AbortController();
  const late = clock
    .sleep(maxOutcomesWaitMs, AbortSignal.any([signal, done.signal]))
    .then((): Reply => ({ status: 202, json: { pending: true } }));
  const answered = archive
    .outcomes(positions, AbortSignal.any([signal, done.signal]))
    .then((outcomes): Reply => ok({ outcomes }));
  try {
    return await Promise.race([answered, late]);
  } finally {
    // Tells the one that lost to stop; `race` took care of how it ends.
    done.abort();
  }
};

const pageFile = (page: ReadonlyMap<string, PageFile>, name: string): Reply => {
  const file = page.get(name);
  if (file === undefined) throw new HoldfastError('NotFound', { detail: 'The page has no such file.' });
  return { status: 200, ...file };
};
