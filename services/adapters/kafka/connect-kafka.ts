import { HoldfastError } from '../../core/errors.ts';
import { BrokerLines } from './broker-lines.ts';
import type { BrokerLink } from './broker-link.ts';
import { toKafkaFault } from './kafka-fault.ts';
import {
  type BrokerAddress,
  type KafkaOptions,
  parseAddress,
  type ResolvedOptions,
  resolveOptions,
} from './kafka-options.ts';
import { errorOfCode } from './kafka-wire.ts';
import { retrying } from './retrying.ts';

export interface TopicPlace {
  readonly topic: string;
  readonly partition: number;
}

/** What the cluster says of a topic; `undefined` leaders are being elected. */
export interface TopicPlacement {
  readonly topic: string;
  readonly partitions: readonly { readonly leader: BrokerAddress | undefined; readonly replicas: number }[];
}

interface Metadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly controllerId: number;
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly topic: string;
    readonly partitionMetadata: readonly {
      readonly partitionId: number;
      readonly leader: number;
      readonly replicas: readonly number[];
    }[];
  }[];
}

/** Asked about where only the brokers matter: no topics would mean all of them. */
const nobodysTopic = 'holdfast';

/** A process's way to a cluster: who leads which partition, and links shared by all that does not wait long. */
export class KafkaConnection implements AsyncDisposable {
  readonly options: ResolvedOptions;
  readonly #lines: BrokerLines;
  readonly #placements = new Map<string, Promise<TopicPlacement>>();
  readonly #closing = new AbortController();
  #brokers: readonly BrokerAddress[] = [];

  constructor(options: KafkaOptions) {
    this.options = resolveOptions(options);
    this.#lines = new BrokerLines(this.options);
  }

  /** Aborted when the connection closes. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** A link shared with others: only for requests answered at once. */
  sharedLink(address: BrokerAddress): Promise<BrokerLink> {
    return this.#lines.to(address);
  }

  /** Links of one owner, who closes them. */
  ownLines(): BrokerLines {
    return new BrokerLines(this.options);
  }

  /** Asks any broker; each in turn until one answers. */
  async askAny<T>(ask: (link: BrokerLink) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (const address of [...this.#brokers, ...this.options.brokers.map(parseAddress)]) {
      this.#closing.signal.throwIfAborted();
      try {
        return await ask(await this.#lines.to(address));
      } catch (error) {
        failure = error;
      }
    }
    throw failure ?? new HoldfastError('LogUnavailable', { detail: 'No brokers were named.' });
  }

  /** Asks the broker that may change topics, as last heard. */
  async askController<T>(ask: (link: BrokerLink) => Promise<T>): Promise<T> {
    const { brokers, controllerId } = await this.#metadata([nobodysTopic]);
    const controller = brokers.find(({ nodeId }) => nodeId === controllerId);
    return controller ? ask(await this.#lines.to(controller)) : this.askAny(ask);
  }

  /** Who leads the partition, as last heard. Fails in a way that may pass while nobody does. */
  async leaderOf({ topic, partition }: TopicPlace): Promise<BrokerAddress> {
    const { partitions } = await this.placementOf(topic);
    const leader = partitions[partition]?.leader;
    if (leader) return leader;
    this.forget(topic);
    throw errorOfCode(partitions[partition] ? 5 : 3);
  }

  placementOf(topic: string): Promise<TopicPlacement> {
    const known = this.#placements.get(topic);
    if (known) return known;
    const asked = this.#ask(topic);
    this.#placements.set(topic, asked);
    asked.catch(() => this.#placements.delete(topic));
    return asked;
  }

  /** The next question asks the brokers again. */
  forget(topic: string): void {
    this.#placements.delete(topic);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const reason = new HoldfastError('LogUnavailable', { detail: 'The connection to Kafka is closed.' });
    this.#closing.abort(reason);
    this.#lines.close(reason);
  }

  #metadata(topics: readonly string[]): Promise<Metadata> {
    const request = { topics, allowAutoTopicCreation: false };
    return this.askAny(async (link) => (await link.ask('Metadata', request)) as Metadata);
  }

  async #ask(topic: string): Promise<TopicPlacement> {
    const metadata = await this.#metadata([topic]);
    const addresses = new Map(metadata.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    this.#brokers = [...addresses.values()];
    const found = metadata.topicMetadata.find((entry) => entry.topic === topic);
    if (found?.topicErrorCode !== 0) throw errorOfCode(found?.topicErrorCode ?? 3);
    const sorted = found.partitionMetadata.toSorted((a, b) => a.partitionId - b.partitionId);
    return {
      topic,
      partitions: sorted.map(({ leader, replicas }) => {
        return { leader: addresses.get(leader), replicas: replicas.length };
      }),
    };
  }
}

/** Resolves once a broker answered; a wrong address or password is said within `patienceMs`. */
export const connectKafka = async (options: KafkaOptions): Promise<KafkaConnection> => {
  const connection = new KafkaConnection(options);
  const patience = { untilMs: performance.now() + connection.options.patienceMs };
  try {
    await retrying(patience, () =>
      connection.askAny((link) => link.ask('Metadata', { topics: [nobodysTopic] })),
    );
    return connection;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw toKafkaFault(error, { what: `Kafka at ${options.brokers.join(', ')}` });
  }
};
