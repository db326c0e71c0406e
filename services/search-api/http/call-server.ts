import type { z } from 'zod';
import { Problem } from '../../../schemas/api/problem.ts';
import type { Route } from '../../../schemas/api/routes.ts';
import { HoldfastError } from '../../core/errors.ts';
import { errorOfProblem } from './problems.ts';

export interface ServerAddress {
  /** Like http://127.0.0.1:8080 */
  readonly url: string;
  /** Of server.json; sent with administrative calls alone. */
  readonly token?: string;
}

export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** A JSON value, or bytes as they are with their media type. */
  readonly json?: unknown;
  readonly bytes?: { readonly mediaType: string; readonly content: Uint8Array<ArrayBuffer> };
  readonly purpose?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One call of the API. A problem is thrown as the `HoldfastError` it stood for, no answer as `ServerUnreachable`.
 */
export const callServer = async (server: ServerAddress, route: Route, call: Call): Promise<Response> => {
  const response = await send(server, route, call);
  if (response.headers.get('content-type')?.startsWith('application/problem+json'))
    throw errorOfProblem(await parsedAnswer(server, Problem, response));
  if (route.answers[response.status] === undefined)
    throw unlike(server, `It answered ${response.status} to ${route.method.toUpperCase()} ${route.path}.`);
  return response;
};

/** The JSON of an answer, checked at the edge: another server may run at that address. */
export const parsedAnswer = async <S extends z.ZodType>(
  server: ServerAddress,
  schema: S,
  response: Response,
): Promise<z.output<S>> => {
  const result = schema.safeParse(await readJson(server, response));
  if (!result.success) throw unlike(server, 'Its answer is not as this version expects it.', result.error);
  return result.data;
};

export const unlike = (server: ServerAddress, detail: string, cause?: unknown): HoldfastError =>
  new HoldfastError(
    'ServerUnreachable',
    { detail: `What runs at ${server.url} does not answer like this version of Holdfast. ${detail}` },
    { cause },
  );

const send = async (server: ServerAddress, route: Route, call: Call): Promise<Response> => {
  const url = addressOf(server, route, call);
  try {
    return await fetch(url, {
      method: route.method.toUpperCase(),
      headers: headersOf(server, route, call),
      body: call.bytes?.content ?? (call.json === undefined ? null : JSON.stringify(call.json)),
      signal: call.signal ?? null,
      redirect: 'error',
    });
  } catch (cause) {
    if (call.signal?.aborted === true) throw call.signal.reason;
    throw new HoldfastError('ServerUnreachable', { detail: `Nothing answers at ${server.url}.` }, { cause });
  }
};

const addressOf = (server: ServerAddress, route: Route, call: Call): URL => {
  const path = route.path.replace(/:(\w+)/g, (_match, name: string) =>
    encodeURIComponent(call.params?.[name] ?? ''),
  );
  try {
    const url = new URL(path, server.url);
    for (const [name, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  } catch (cause) {
    throw new HoldfastError(
      'InvalidConfig',
      { detail: `Expected a URL like http://127.0.0.1:8080, not ${server.url}.` },
      { cause },
    );
  }
};

const headersOf = (server: ServerAddress, route: Route, call: Call): Record<string, string> => ({
  ...(call.bytes === undefined ? {} : { 'Content-Type': call.bytes.mediaType }),
  ...(call.json === undefined ? {} : { 'Content-Type': 'application/json' }),
  ...(route.admin && server.token !== undefined ? { Authorization: `Bearer ${server.token}` } : {}),
  ...(call.purpose ? { 'Holdfast-Purpose': encodeURIComponent(call.purpose.toWellFormed()) } : {}),
});

const readJson = async (server: ServerAddress, response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch (cause) {
    throw unlike(server, 'Its answer is not JSON, or ended too early.', cause);
  }
};
