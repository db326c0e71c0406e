import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Route, RouteName, Routes } from '../../../schemas/api/routes.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Caller } from '../archive.ts';
import { parseJson } from './parse-json.ts';
import { badRequestOf } from './problems.ts';
import { readBody, requireAnnouncedSize, requireNoBody } from './read-body.ts';
import type { Reply } from './replies.ts';
import { requireMediaType } from './require-media-type.ts';

type Parsed<R, Part extends string> = R extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;
type ParsedBody<R> = R extends {
  readonly body: { readonly schema: infer S extends z.ZodType; readonly streamed: false };
}
  ? z.output<S>
  : undefined;

/** One request after everything the route table says about it was checked. */
export interface Exchange<N extends RouteName> {
  readonly params: Parsed<Routes[N], 'params'>;
  readonly query: Parsed<Routes[N], 'query'>;
  readonly body: ParsedBody<Routes[N]>;
  readonly caller: Caller;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  /** For streamed bodies only. */
  readonly request: IncomingMessage;
  readonly mediaType: string;
}

export type Handler<N extends RouteName> = (exchange: Exchange<N>) => Promise<Reply> | Reply;
export type Handlers = { readonly [N in RouteName]: Handler<N> };

/** What Express already took apart. */
export interface RawRequest {
  readonly request: IncomingMessage;
  readonly params: unknown;
  readonly query: unknown;
  readonly signal: AbortSignal;
}

/** Until sign-in exists, whoever can call from this machine is its operator. */
const localOperator = { id: 'local-operator' };

/** Checks and parses a request by its route, the cheap checks first. Throws what the problem should say. */
export const openExchange = async <N extends RouteName>(
  route: Route,
  raw: RawRequest,
): Promise<Exchange<N>> => {
  const { headers } = raw.request;
  const params = route.params && parsedBy(route.params, raw.params, 'path');
  if (route.query === undefined && Object.keys(Object(raw.query)).length > 0)
    throw new HoldfastError('BadRequest', { detail: 'This call takes no query parameters.' });
  const query = route.query && parsedBy(route.query, raw.query, 'query string');
  const caller = { actor: localOperator, purpose: purposeOf(headers['holdfast-purpose']) };
  const mediaType = route.body === undefined ? '' : requireMediaType(headers, route.body.mediaTypes);
  const body = await bodyOf(route, raw.request);
  return { params, query, body, caller, mediaType, signal: raw.signal, request: raw.request } as Exchange<N>;
};

const bodyOf = async (route: Route, request: IncomingMessage): Promise<unknown> => {
  if (route.body === undefined) {
    requireNoBody(request);
    return undefined;
  }
  if (route.body.streamed) {
    requireAnnouncedSize(request, route.body.maxBytes);
    return undefined;
  }
  const bytes = await readBody(request, route.body.maxBytes);
  return parsedBy(route.body.schema, parseJson(bytes), 'body');
};

const parsedBy = (schema: z.ZodType, value: unknown, where: string): unknown => {
  const result = schema.safeParse(value);
  if (!result.success) throw badRequestOf(where, result.error);
  return result.data;
};

const maxPurposeLength = 1024;

/** Headers carry ASCII only, so the purpose is percent-encoded UTF-8 there. */
const purposeOf = (header: string | string[] | undefined): string => {
  if (header === undefined) return '';
  try {
    const purpose = decodeURIComponent(String(header));
    if (purpose.length <= maxPurposeLength) return purpose;
  } catch {}
  throw new HoldfastError('BadRequest', {
    detail: `Expected the header Holdfast-Purpose as percent-encoded UTF-8 of at most ${maxPurposeLength} characters.`,
  });
};
