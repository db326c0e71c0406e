import type { z } from 'zod';
import {
  Coverage,
  KnownAnswer,
  maxAsked,
  OutcomesAnswer,
  QuarantineAnswer,
  RebuildReport,
  RetryReport,
  ScopeAnswer,
  VerifyReport,
} from '../../../schemas/api/archive-operations.ts';
import { Health, Readiness, RebuildLine, VerifyLine } from '../../../schemas/api/http-bodies.ts';
import { type RouteName, routes } from '../../../schemas/api/routes.ts';
import { ConversationAnswer, ItemAnswer, SearchAnswer } from '../../../schemas/api/search.ts';
import type { Position } from '../../ports/event-log.ts';
import type { Archive } from '../archive.ts';
import { type Call, callServer, parsedAnswer, type ServerAddress } from './call-server.ts';
import { readSteps } from './read-steps.ts';
import { sendLines } from './send-lines.ts';

/** The archive behind a running server: the same interface and the same errors as in process. */
export const connectArchive = (server: ServerAddress): Archive => {
  const ask = async <S extends z.ZodType>(schema: S, name: RouteName, call: Call): Promise<z.output<S>> =>
    parsedAnswer(server, schema, await callServer(server, routes[name], call));
  return {
    search: ({ purpose }, json) => ask(SearchAnswer, 'search', { purpose, json }),
    item: ({ purpose }, id) => ask(ItemAnswer, 'item', { purpose, params: { id } }),
    conversation: ({ purpose }, id, query) =>
      ask(ConversationAnswer, 'conversation', { purpose, params: { id }, query }),
    coverage: ({ purpose }) => ask(Coverage, 'coverage', { purpose }),
    append: (lines) => sendLines(server, lines),
    known: (events) =>
      inBatches(
        events,
        async (batch) => (await ask(KnownAnswer, 'known', { json: { events: batch } })).known,
      ),
    outcomes: (positions, signal) => inBatches(positions, (batch) => awaitOutcomes(server, batch, signal)),
    note: async ({ purpose }, json) => void (await ask(Health, 'note', { purpose, json })),
    quarantine: ({ purpose }, after, limit) =>
      ask(QuarantineAnswer, 'quarantine', { purpose, query: { after, limit } }),
    retryQuarantine: ({ purpose }) => ask(RetryReport, 'retryQuarantine', { purpose }),
    scope: ({ purpose }) => ask(ScopeAnswer, 'scope', { purpose }),
    setScope: ({ purpose }, json) => ask(ScopeAnswer, 'setScope', { purpose, json }),
    async *verify({ purpose }, signal) {
      const response = await callServer(server, routes.verify, { purpose, signal });
      yield* readSteps(server, VerifyLine, VerifyReport, response);
    },
    async *rebuildIndex({ purpose }, signal) {
      const response = await callServer(server, routes.rebuildIndex, { purpose, signal });
      yield* readSteps(server, RebuildLine, RebuildReport, response);
    },
    readiness: async () => withoutUndefined(await ask(Readiness, 'readiness', {})),
  };
};

const withoutUndefined = ({ ready, reason }: Readiness): { ready: boolean; reason?: string } =>
  reason === undefined ? { ready } : { ready, reason };

const inBatches = async <Asked, Answered>(
  all: readonly Asked[],
  ask: (batch: readonly Asked[]) => Promise<readonly Answered[]>,
): Promise<Answered[]> => {
  const answers: Answered[] = [];
  for (let from = 0; from < all.length; from += maxAsked)
    answers.push(...(await ask(all.slice(from, from + maxAsked))));
  return answers;
};

/** Asks again while the server says "not yet": one request never waits longer than HTTP clients bear. */
const awaitOutcomes = async (
  server: ServerAddress,
  positions: readonly Position[],
  signal: AbortSignal | undefined,
): Promise<z.output<typeof OutcomesAnswer>['outcomes']> => {
  for (;;) {
    const response = await callServer(server, routes.outcomes, { json: { positions }, signal });
    if (response.status === 200) return (await parsedAnswer(server, OutcomesAnswer, response)).outcomes;
    await response.body?.cancel();
  }
};
