import { type Consumer, Kafka, logLevel } from 'kafkajs';
import type { Assignment } from '../../ports/assignment.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PartitionName } from '../../ports/ledger.ts';
import { type KafkaOptions, resolveOptions } from './kafka-options.ts';

export interface AssignmentOptions {
  readonly kafka: KafkaOptions;
  /** An empty topic with a partition for each that is shared out; its name is the group's too. */
  readonly topic: string;
  /** What is shared out, in the order of the topic's partitions. */
  readonly partitions: readonly PartitionName[];
  readonly clock: Clock;
}

/** A member that is silent for so long loses its partitions. */
const sessionTimeoutMs = 6000;
const heartbeatIntervalMs = 1000;
/** Between the last sign that the group still counts on us and the first moment another may have what was ours. */
const currentForMs = sessionTimeoutMs - 2 * heartbeatIntervalMs;

/**
 * Membership of the group of archivers. Its topic is empty: the group shares partitions out and nothing else, so its
 * heartbeats never wait for an archiver's work, and no offset of it means anything.
 */
class KafkaAssignment implements Assignment {
  readonly #options: AssignmentOptions;
  readonly #consumer: Consumer;
  #assigned: readonly PartitionName[] | undefined;
  #version = 0;
  #seenMs = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => undefined;

  constructor(options: AssignmentOptions) {
    this.#options = options;
    this.#consumer = newConsumer(options);
    const { GROUP_JOIN, HEARTBEAT } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#seen();
      this.#assign(payload.memberAssignment[options.topic] ?? []);
    });
    this.#consumer.on(HEARTBEAT, () => this.#seen());
  }

  async join(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topic: this.#options.topic });
    await this.#consumer.run({ autoCommit: false, eachBatch: async () => undefined });
  }

  async *changes(signal: AbortSignal): AsyncGenerator<readonly PartitionName[]> {
    for (let version = 0; !signal.aborted; ) {
      if (version !== this.#version && this.#assigned !== undefined) {
        version = this.#version;
        yield this.#assigned;
      } else await this.#changed(signal);
    }
  }

  isCurrent(): boolean {
    return this.#options.clock.monotonicMs() - this.#seenMs < currentForMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#consumer.disconnect();
  }

  #seen(): void {
    this.#seenMs = this.#options.clock.monotonicMs();
  }

  #assign(numbers: readonly number[]): void {
    const { partitions } = this.#options;
    this.#assigned = numbers.toSorted((a, b) => a - b).flatMap((number) => partitions[number] ?? []);
    this.#version += 1;
    this.#wake();
  }

  async #changed(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await promise;
  }
}

const newConsumer = ({ kafka, topic }: AssignmentOptions): Consumer => {
  const { brokers, clientId, tls, sasl, connectionTimeoutMs, requestTimeoutMs } = resolveOptions(kafka);
  const client = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // What goes wrong shows in the archiver's state and in `isCurrent`.
    logLevel: logLevel.NOTHING,
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl: sasl as never }),
  });
  return client.consumer({
    groupId: topic,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatIntervalMs,
    rebalanceTimeout: sessionTimeoutMs,
    maxWaitTimeInMs: heartbeatIntervalMs,
    // It rejoins for as long as the process lives; meanwhile it is not current and puts nothing.
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 1000,
      retries: Number.MAX_SAFE_INTEGER,
      restartOnFailure: async () => true,
    },
  });
};

/** Joins the group; assignments follow, the first within a moment. */
export const joinArchivers = async (options: AssignmentOptions): Promise<Assignment> => {
  const assignment = new KafkaAssignment(options);
  try {
    await assignment.join();
    return assignment;
  } catch (error) {
    await assignment[Symbol.asyncDispose]();
    throw error;
  }
};
