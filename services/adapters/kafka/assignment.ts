import { type Consumer, Kafka, logLevel } from 'kafkajs';
import type { Assignment } from '../../ports/assignment.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PartitionName } from '../../ports/ledger.ts';
import { toKafkaFault } from './kafka-fault.ts';
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
const rejoinPauseMs = 1000;

/**
 * Membership of the group of archivers. Its topic is empty: the group shares partitions out and nothing else, so its
 * heartbeats never wait for an archiver's work, and no offset of it means anything.
 */
class KafkaAssignment implements Assignment {
  readonly #options: AssignmentOptions;
  readonly #leaving = new AbortController();
  #consumer: Consumer;
  #rejoining: Promise<void> | undefined;
  #assigned: readonly PartitionName[] | undefined;
  #version = 0;
  #seenMs = Number.NEGATIVE_INFINITY;
  #answeredAfterMs = 0;
  #wake: () => void = () => undefined;

  constructor(options: AssignmentOptions) {
    this.#options = options;
    this.#consumer = this.#newConsumer();
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
    if (this.#leaving.signal.aborted) return false;
    return this.#options.clock.monotonicMs() - this.#seenMs < currentForMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#rejoining;
    await this.#consumer.disconnect();
  }

  #newConsumer(): Consumer {
    const consumer = consumerOf(this.#options, () => !this.#leaving.signal.aborted);
    const { GROUP_JOIN, HEARTBEAT, REQUEST, CRASH } = consumer.events;
    consumer.on(REQUEST, ({ payload: { apiName, duration } }) => {
      if (apiName === 'Heartbeat' || apiName === 'SyncGroup') this.#answeredAfterMs = duration;
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#seen();
      this.#assign(payload.memberAssignment[this.#options.topic] ?? []);
    });
    consumer.on(HEARTBEAT, () => this.#seen());
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) this.#rejoining ??= this.#rejoin();
    });
    return consumer;
  }

  /** After what the client takes for final, such as a right that is missing: an administrator may put it right. */
  async #rejoin(): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      await this.#options.clock.sleep(rejoinPauseMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.#consumer.disconnect().catch(() => undefined);
      this.#consumer = this.#newConsumer();
      try {
        await this.join();
        this.#rejoining = undefined;
        return;
      } catch {
        // Tried again; meanwhile this process is not current and puts nothing.
      }
    }
  }

  /** The group counted on us when it answered, at the latest when it was asked: we may have been paused since. */
  #seen(): void {
    this.#seenMs = Math.max(this.#seenMs, this.#options.clock.monotonicMs() - this.#answeredAfterMs);
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

/** It tries again for as long as the process wants to be a member, but never so long that leaving would wait for it. */
const consumerOf = ({ kafka, topic }: AssignmentOptions, isWanted: () => boolean): Consumer => {
  const { brokers, clientId, tls, sasl, connectionTimeoutMs, requestTimeoutMs } = resolveOptions(kafka);
  const retry = { initialRetryTime: 100, maxRetryTime: 1000, retries: 3 };
  const client = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // What goes wrong shows in the archiver's state and in `isCurrent`.
    logLevel: logLevel.NOTHING,
    retry,
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl: sasl as never }),
  });
  return client.consumer({
    groupId: topic,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatIntervalMs,
    rebalanceTimeout: sessionTimeoutMs,
    maxWaitTimeInMs: heartbeatIntervalMs,
    retry: { ...retry, restartOnFailure: async () => isWanted() },
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
    throw toKafkaFault(error, { what: 'The group of archivers could not be joined' });
  }
};
