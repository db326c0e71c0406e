import { Client, errors } from '@elastic/elasticsearch';
import { unavailable } from './index-fault.ts';

type ClientOptions = ConstructorParameters<typeof Client>[0];

export interface ConnectionOptions {
  /** URLs of some nodes of the cluster. */
  readonly nodes: readonly string[];
  /** PEM of the authority that signed the nodes' certificates; absent = those the system trusts. */
  readonly ca?: string;
  /** Encoded as Elasticsearch gave it out; instead of user name and password. */
  readonly apiKey?: string;
  readonly username?: string;
  readonly password?: string;
  /** Longest wait for one answer; default 15 seconds. */
  readonly requestTimeoutMs?: number;
}

export interface EngineRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Beginning with `/`; its parts encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: object;
  /** Newline-delimited JSON, as it is to be sent; instead of `body`. */
  readonly lines?: string;
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 15_000;
/** Beyond every timeout of a single request: those are kept here, not by the client. */
const clientTimeoutMs = 3_600_000;

/** Speaks to the cluster. Repeats nothing by itself, and waits for no answer without end. */
export class EngineConnection implements AsyncDisposable {
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();
  /** Ends what would go on by itself. */
  readonly closing = this.#closing.signal;

  constructor(options: ConnectionOptions) {
    this.#timeoutMs = options.requestTimeoutMs ?? defaultTimeoutMs;
    this.#client = new Client(clientOptionsOf(options));
  }

  /** Rejects with the client's error; callers of the port see it translated by `toIndexFault`. */
  async request<T>({ method, path, query, body, lines, timeoutMs }: EngineRequest): Promise<T> {
    const longestMs = timeoutMs ?? this.#timeoutMs;
    const timeout = AbortSignal.timeout(longestMs);
    try {
      const { body: answer } = await this.#client.transport.request<T>(
        {
          method,
          path,
          ...(query === undefined ? {} : { querystring: { ...query } }),
          ...(body === undefined ? {} : { body }),
          ...(lines === undefined ? {} : { bulkBody: lines }),
        },
        { meta: true, signal: AbortSignal.any([timeout, this.#closing.signal]) },
      );
      return answer;
    } catch (error) {
      if (this.closing.aborted) throw unavailable('The index was closed.', error);
      // The client calls whatever aborts a request a lost connection.
      if (timeout.aborted) throw new errors.TimeoutError(`it did not answer within ${longestMs} ms`);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#client.close();
  }
}

const clientOptionsOf = (options: ConnectionOptions): ClientOptions => ({
  nodes: [...options.nodes],
  maxRetries: 0,
  requestTimeout: clientTimeoutMs,
  enableMetaHeader: false,
  ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
  ...authOf(options),
});

const authOf = ({ apiKey, username, password }: ConnectionOptions): Partial<Pick<ClientOptions, 'auth'>> => {
  if (apiKey !== undefined) return { auth: { apiKey } };
  return username === undefined ? {} : { auth: { username, password: password ?? '' } };
};
