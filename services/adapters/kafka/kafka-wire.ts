import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ConnectionOptions as TlsOptions } from 'node:tls';

/**
 * The layers of kafkajs 2.2.4 below its public classes, with the types we rely on: one TCP connection and the
 * protocol's requests. Its producer and consumer are not used (infra/adr/0006). Nothing else imports these modules.
 */
const vendor = createRequire(import.meta.url);

export interface SaslOptions {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** A request made for one version of the protocol, and how its answer is read. */
export interface VendorProtocol {
  readonly request: { readonly apiKey: number; readonly apiName: string };
  readonly response: {
    decode(payload: Buffer): Promise<unknown>;
    parse(decoded: unknown): Promise<unknown>;
  };
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}

type Versions = Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>;

export interface VendorConnection {
  readonly socket?: Socket;
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  authenticate(): Promise<void>;
  isConnected(): boolean;
  setVersions(versions: Versions): void;
  setSupportAuthenticationProtocol(isSupported: boolean): void;
  send(protocol: VendorProtocol): Promise<unknown>;
  /** Lets every request in flight fail with this. */
  rejectRequests(error: Error): void;
}

export interface VendorConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly ssl?: TlsOptions;
  readonly sasl?: SaslOptions;
}

/** An error of kafkajs: of the connection, or (with `type`) one a broker answered. */
export interface VendorError extends Error {
  readonly retriable?: boolean;
  readonly type?: string;
  readonly code?: number | string;
}

interface RequestDefinition {
  readonly versions: readonly string[];
  protocol(choice: { version: number }): (request: object) => VendorProtocol;
}

interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

const Connection: new (options: object) => VendorConnection = vendor('kafkajs/src/network/connection.js');
const Queue: { prototype: RequestQueue } = vendor('kafkajs/src/network/requestQueue/index.js');
const socketFactory: () => unknown = vendor('kafkajs/src/network/socketFactory.js');
const loggers: { createLogger(options: object): unknown } = vendor('kafkajs/src/loggers/index.js');
const { requests }: { requests: Record<string, RequestDefinition> } = vendor(
  'kafkajs/src/protocol/requests/index.js',
);
const apiKeys: Record<string, number> = vendor('kafkajs/src/protocol/requests/apiKeys.js');
const { createErrorFromCode }: { createErrorFromCode(code: number): VendorError } = vendor(
  'kafkajs/src/protocol/error.js',
);

// With nothing pending kafkajs sets a timer in the past after every answer, for which Node 24 prints a warning.
const { scheduleCheckPendingRequests } = Queue.prototype;
Queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) scheduleCheckPendingRequests.call(this);
};

const silent = loggers.createLogger({ level: 0, logCreator: () => () => undefined });

/** One TCP connection, not yet open. */
export const makeConnection = ({ sasl, ...options }: VendorConnectionOptions): VendorConnection =>
  new Connection({
    ...options,
    // kafkajs writes into the object it is given.
    ...(sasl && { sasl: { ...sasl } }),
    logger: silent,
    socketFactory: socketFactory(),
  });

export const isVendorError = (error: unknown): error is VendorError =>
  error instanceof Error && error.name.startsWith('KafkaJS');

/** kafkajs does not know the newer codes: it keeps its own text, the number stays the broker's. */
export const errorOfCode = (code: number): VendorError => Object.assign(createErrorFromCode(code), { code });

export type ApiName =
  | 'ApiVersions'
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'DescribeConfigs'
  | 'Fetch'
  | 'InitProducerId'
  | 'ListOffsets'
  | 'Metadata'
  | 'Produce';

/** What a broker said it understands, oldest and newest version of each request. */
export interface ApiVersions {
  readonly errorCode: number;
  readonly apiVersions: readonly {
    readonly apiKey: number;
    readonly minVersion: number;
    readonly maxVersion: number;
  }[];
}

export const toVersions = ({ apiVersions }: ApiVersions): Versions =>
  Object.fromEntries(
    apiVersions.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { minVersion, maxVersion }]),
  );

/** The newest version kafkajs and the broker share; kafkajs itself never looks at the broker's oldest. */
export const newestVersion = (api: ApiName, versions: Versions): number | undefined => {
  const broker = versions[apiKeys[api]!];
  if (!broker) return undefined;
  const shared = requests[api]!.versions.map(Number).filter(
    (version) => version >= broker.minVersion && version <= broker.maxVersion,
  );
  return shared.length > 0 ? Math.max(...shared) : undefined;
};

export const protocolOf = (choice: { api: ApiName; version: number }, request: object): VendorProtocol =>
  requests[choice.api]!.protocol(choice)(request);
