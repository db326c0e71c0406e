import { type ErrorCode, HoldfastError, isHoldfastError } from '../../core/errors.ts';
import type { BrokerLines } from './broker-lines.ts';
import type { KafkaConnection } from './connect-kafka.ts';
import { isPassing, toKafkaFault } from './kafka-fault.ts';
import type { BrokerAddress } from './kafka-options.ts';
import { errorOfCode, isVendorError } from './kafka-wire.ts';
import { ProducerSession } from './producer-session.ts';
import { Backoff } from './retrying.ts';

export interface StreamRecord {
  readonly partition: number;
  /** A string gets a unique suffix where the stream's keys are unique; bytes are stored exactly. */
  readonly key: Uint8Array | string;
  readonly value: Uint8Array | null;
}

export interface Receipt {
  readonly offset: number;
  readonly loggedAt: Date;
}

export interface TopicProducerOptions {
  readonly topic: string;
  readonly hasUniqueKeys: boolean;
  readonly appendDeadlineMs: number;
  readonly unavailable: ErrorCode;
}

/** What of a send one partition has not acknowledged yet. */
interface Share {
  readonly records: StreamRecord[];
  readonly indexes: number[];
}

type Shares = Map<number, Share>;

/** The shares one broker leads. */
interface ShareSend {
  readonly leader: BrokerAddress;
  readonly partitions: readonly number[];
  readonly session: ProducerSession;
  readonly shares: Shares;
}

interface ProduceAnswer {
  readonly topics: readonly {
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly baseOffset: string;
      readonly logAppendTime: string;
    }[];
  }[];
}

/** Answers that no repetition changes: too large, not allowed, not valid, settings of the topic. */
const finalCodes = new Set([10, 17, 18, 21, 29, 31, 32, 35, 42, 43, 44, 87]);

/**
 * Writes to one topic, one send at a time. What is not acknowledged is sent again, the same batch with the same
 * sequence, so that it is stored once. After any refusal that may not pass the session is thrown away and what is
 * still unacknowledged is sent by a new one: it may then be stored twice, never lost.
 */
export class TopicProducer {
  readonly #connection: KafkaConnection;
  readonly #options: TopicProducerOptions;
  readonly #lines: BrokerLines;
  #session: ProducerSession | undefined;

  constructor(connection: KafkaConnection, options: TopicProducerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#lines = connection.ownLines();
  }

  /** Resolves when every record is acknowledged by all replicas in sync. Never call it again before it settled. */
  async send(records: readonly StreamRecord[], sinceMs: number): Promise<readonly Receipt[]> {
    const shares = sharesOf(records);
    const receipts: Receipt[] = new Array(records.length);
    const backoff = new Backoff({
      untilMs: sinceMs + this.#options.appendDeadlineMs,
      signal: this.#connection.closing,
    });
    while (shares.size > 0) {
      const failure = await this.#attempt(shares, receipts);
      if (failure === undefined) continue;
      this.#connection.forget(this.#options.topic);
      if (!isFinal(failure) && (await backoff.pause())) continue;
      this.#discard();
      throw this.#toFault(failure);
    }
    return receipts;
  }

  close(reason: Error): void {
    this.#session = undefined;
    this.#lines.close(reason);
  }

  /** Sends every share to its leader; what is acknowledged leaves the shares. Gives the worst failure. */
  async #attempt(shares: Shares, receipts: Receipt[]): Promise<unknown> {
    try {
      this.#session ??= await this.#begin();
      const session = this.#session;
      const byLeader = await this.#byLeader(shares);
      const failures = await Promise.all(
        byLeader.map(({ leader, partitions }) =>
          this.#produce({ leader, partitions, session, shares }, receipts),
        ),
      );
      const failed = failures.flat();
      if (failed.some((failure) => !isPassing(failure))) this.#discard();
      return failed.find(isFinal) ?? failed[0];
    } catch (error) {
      if (!isPassing(error)) this.#discard();
      return error;
    }
  }

  #begin(): Promise<ProducerSession> {
    return this.#connection.askAny((link) => ProducerSession.begin(link));
  }

  async #byLeader(shares: Shares) {
    const { topic } = this.#options;
    const groups = new Map<BrokerAddress, number[]>();
    for (const partition of shares.keys()) {
      const leader = await this.#connection.leaderOf({ topic, partition });
      groups.set(leader, [...(groups.get(leader) ?? []), partition]);
    }
    return [...groups].map(([leader, partitions]) => ({ leader, partitions }));
  }

  async #produce(send: ShareSend, receipts: Receipt[]): Promise<readonly unknown[]> {
    try {
      const link = await this.#lines.to(send.leader);
      const answer = (await link.ask('Produce', this.#request(send))) as ProduceAnswer;
      return answer.topics.flatMap(({ partitions }) =>
        partitions.flatMap((partition) => {
          if (partition.errorCode !== 0) return [errorOfCode(partition.errorCode)];
          acknowledge(partition, send, receipts);
          return [];
        }),
      );
    } catch (error) {
      return [error];
    }
  }

  /** Encoded anew at each attempt, with new keys: two copies, should both be stored, never share one. */
  #request({ partitions, session, shares }: ShareSend) {
    const { topic, hasUniqueKeys } = this.#options;
    const { requestTimeoutMs } = this.#connection.options;
    return {
      acks: -1,
      timeout: requestTimeoutMs,
      producerId: session.producerId,
      producerEpoch: session.producerEpoch,
      topicData: [
        {
          topic,
          partitions: partitions.map((partition) => ({
            partition,
            firstSequence: session.firstSequence(partition),
            messages: shares.get(partition)!.records.map(({ key, value }) => ({
              key: toBuffer(typeof key === 'string' && hasUniqueKeys ? session.uniqueKey(key) : key),
              value: value && toBuffer(value),
            })),
          })),
        },
      ],
    };
  }

  #discard(): void {
    this.#session = undefined;
    this.#lines.hangUp(new Error('The producer was thrown away.'));
  }

  #toFault(failure: unknown): unknown {
    const { topic, unavailable, appendDeadlineMs } = this.#options;
    const what = isFinal(failure)
      ? `Kafka refused records of ${topic}`
      : `Kafka did not acknowledge records of ${topic} within ${appendDeadlineMs} ms; whether they are stored is unknown`;
    const fault = toKafkaFault(failure, { what, code: unavailable });
    return isHoldfastError(fault)
      ? fault
      : new HoldfastError(unavailable, { detail: `${what}.` }, { cause: failure });
  }
}

const sharesOf = (records: readonly StreamRecord[]): Shares => {
  const shares: Shares = new Map();
  for (const [index, record] of records.entries()) {
    const share = shares.get(record.partition) ?? { records: [], indexes: [] };
    share.records.push(record);
    share.indexes.push(index);
    shares.set(record.partition, share);
  }
  return shares;
};

const acknowledge = (
  answer: ProduceAnswer['topics'][number]['partitions'][number],
  { session, shares }: ShareSend,
  receipts: Receipt[],
): void => {
  const share = shares.get(answer.partition);
  if (!share) return;
  const firstOffset = Number(answer.baseOffset);
  const loggedAt = new Date(Number(answer.logAppendTime));
  for (const [n, index] of share.indexes.entries()) receipts[index] = { offset: firstOffset + n, loggedAt };
  session.advance(answer.partition, share.records.length);
  shares.delete(answer.partition);
};

const isFinal = (failure: unknown): boolean =>
  isHoldfastError(failure) ||
  (isVendorError(failure) && (finalCodes.has(Number(failure.code)) || failure.name.includes('SASL')));

const toBuffer = (bytes: Uint8Array | string): Buffer =>
  typeof bytes === 'string'
    ? Buffer.from(bytes)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
