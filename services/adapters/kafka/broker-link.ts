import { HoldfastError } from '../../core/errors.ts';
import { addressText, type BrokerAddress, type ResolvedOptions } from './kafka-options.ts';
import {
  type ApiName,
  type ApiVersions,
  errorOfCode,
  makeConnection,
  newestVersion,
  protocolOf,
  toVersions,
  type VendorConnection,
  type VendorProtocol,
} from './kafka-wire.ts';
import { abortable } from './retrying.ts';

type Decode = VendorProtocol['response']['decode'];

/** Oldest versions that do what we need; brokers have them since Kafka 2.3. */
const neededVersions = {
  Produce: 7,
  Fetch: 11,
  ListOffsets: 3,
  Metadata: 6,
  InitProducerId: 1,
  DescribeConfigs: 2,
  CreateTopics: 3,
  DeleteTopics: 1,
} satisfies Partial<Record<ApiName, number>>;

const requestTimedOut = 7;

type LinkApi = keyof typeof neededVersions;

/**
 * One authenticated TCP connection to one broker. A broker answers the requests of a connection one after the other:
 * who waits long (a follower) needs a link of its own. A link that failed is thrown away, never reopened.
 */
export class BrokerLink {
  readonly address: BrokerAddress;
  readonly #connection: VendorConnection;
  readonly #versions: ReturnType<typeof toVersions>;

  private constructor(
    address: BrokerAddress,
    connection: VendorConnection,
    versions: ReturnType<typeof toVersions>,
  ) {
    this.address = address;
    this.#connection = connection;
    this.#versions = versions;
  }

  /** Connects, learns what the broker understands, and authenticates. */
  static async open(address: BrokerAddress, options: ResolvedOptions): Promise<BrokerLink> {
    const connection = makeConnection({
      ...address,
      clientId: options.clientId,
      connectionTimeout: options.connectionTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      ...(options.tls && { ssl: options.tls }),
      ...(options.sasl && { sasl: options.sasl }),
    });
    const late = new AbortController();
    const longestMs = options.connectionTimeoutMs + 3 * options.requestTimeoutMs;
    const timer = setTimeout(() => late.abort(errorOfCode(requestTimedOut)), longestMs);
    try {
      // kafkajs bounds each step, but there are ends of a connection that settle none of them.
      const versions = await abortable(late.signal, () => introduce(connection, address));
      return new BrokerLink(address, connection, versions);
    } catch (error) {
      hangUp(connection, error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get isOpen(): boolean {
    return this.#connection.isConnected();
  }

  /** The decoded answer, error codes inside it unlooked at. Drops the link when no answer came. */
  async ask(api: LinkApi, request: object, decode?: Decode): Promise<unknown> {
    const protocol = protocolOf({ api, version: newestVersion(api, this.#versions)! }, request);
    const response = { decode: decode ?? protocol.response.decode, parse: async (answer: unknown) => answer };
    try {
      return await this.#connection.send({ ...protocol, response, logResponseError: false });
    } catch (error) {
      this.hangUp(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  /** Closes at once; requests in flight fail with the reason. */
  hangUp(reason: Error): void {
    hangUp(this.#connection, reason);
  }
}

const introduce = async (connection: VendorConnection, address: BrokerAddress) => {
  await connection.connect();
  const said = (await connection.send(protocolOf({ api: 'ApiVersions', version: 2 }, {}))) as ApiVersions;
  const versions = toVersions(said);
  assertUnderstood(address, versions);
  connection.setVersions(versions);
  connection.setSupportAuthenticationProtocol(true);
  await connection.authenticate();
  return versions;
};

const hangUp = (connection: VendorConnection, reason: Error): void => {
  connection.rejectRequests(reason);
  connection.socket?.destroy();
  connection.disconnect().catch(() => undefined);
};

const assertUnderstood = (address: BrokerAddress, versions: ReturnType<typeof toVersions>): void => {
  for (const [api, needed] of Object.entries(neededVersions)) {
    const version = newestVersion(api as LinkApi, versions);
    if (version !== undefined && version >= needed) continue;
    throw new HoldfastError(
      'LogUnavailable',
      {
        detail: `The broker at ${addressText(address)} does not understand ${api} version ${needed}: Kafka 2.3 to 4.x is supported.`,
      },
      { cause: errorOfCode(35) },
    );
  }
};
