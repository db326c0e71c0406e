import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { SaslOptions } from './kafka-wire.ts';

export interface KafkaOptions {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Node's TLS options; `{}` trusts the system's authorities. Without it nothing is encrypted. */
  readonly tls?: TlsOptions;
  readonly sasl?: SaslOptions;
  /** Until a TCP connection is open; default 1000. */
  readonly connectionTimeoutMs?: number;
  /** Until a request is taken for lost and its connection dropped; default 4000. */
  readonly requestTimeoutMs?: number;
  /** How long reading, and opening, go on without an answer before `LogUnavailable`; default 10,000. */
  readonly patienceMs?: number;
}

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

export const defaultTimeouts = { connectionTimeoutMs: 1000, requestTimeoutMs: 4000, patienceMs: 10_000 };

export type ResolvedOptions = KafkaOptions & typeof defaultTimeouts;

export const resolveOptions = (options: KafkaOptions): ResolvedOptions => ({
  ...defaultTimeouts,
  ...options,
});

export const parseAddress = (broker: string): BrokerAddress => {
  const colon = broker.lastIndexOf(':');
  return { host: broker.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(broker.slice(colon + 1)) };
};

export const addressText = ({ host, port }: BrokerAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
