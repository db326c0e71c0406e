import type { Express, Request, Response } from 'express';
import type { Problem } from '../../../schemas/api/problem.ts';
import { type Route, type RouteName, routes } from '../../../schemas/api/routes.ts';
import { HoldfastError } from '../../core/errors.ts';
import { type Handlers, openExchange } from './exchange.ts';
import { sendReply } from './replies.ts';
import { requireToken } from './require-token.ts';

/** What one request leaves for the middleware around it. */
export interface ServedLocals {
  requestId: string;
  route: string;
  signal: AbortSignal;
}
export type ServedResponse = Response<unknown, ServedLocals>;

export interface RouteParts {
  readonly handlers: Handlers;
  readonly token: string;
  /** Calls that have begun and not ended, whether their caller still listens or not. */
  readonly running: Set<Promise<void>>;
  /** Logs and counts a failure, and says what the caller may know of it. */
  reportProblem(error: unknown, requestId: string): Problem;
}

/** Mounts every route of the table and nothing else; another method on a known path is answered with 405. */
export const mountRoutes = (app: Express, parts: RouteParts): void => {
  const names = Object.keys(routes) as RouteName[];
  for (const path of new Set(names.map((name) => routes[name].path))) {
    const here = names.filter((name) => routes[name].path === path);
    const mounted = app.route(path);
    for (const name of here) mounted[routes[name].method](tracked(name, parts));
    const allowed = here.flatMap((name) => allowedBy(routes[name])).join(', ');
    mounted.all((_request: Request, response: ServedResponse) => {
      response.locals.route = path;
      response.setHeader('Allow', allowed);
      throw new HoldfastError('MethodNotAllowed', { detail: `Allowed here: ${allowed}.` });
    });
  }
};

const allowedBy = ({ method }: Route): string[] =>
  method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];

const tracked =
  (name: RouteName, parts: RouteParts) =>
  async (request: Request, response: ServedResponse): Promise<void> => {
    const call = serve(name, parts, request, response);
    const ended = call.catch(() => undefined).finally(() => parts.running.delete(ended));
    parts.running.add(ended);
    await call;
  };

const serve = async <N extends RouteName>(
  name: N,
  { handlers, token, reportProblem }: RouteParts,
  request: Request,
  response: ServedResponse,
): Promise<void> => {
  const route: Route = routes[name];
  const { locals } = response;
  locals.route = route.path;
  if (route.admin) requireToken(request.headers.authorization, token);
  const { params, query } = request;
  const exchange = await openExchange<N>(route, { request, params, query, signal: locals.signal });
  const reply = await handlers[name](exchange);
  await sendReply(response, reply, (error) => ({
    kind: 'problem',
    problem: reportProblem(error, locals.requestId),
  }));
};
