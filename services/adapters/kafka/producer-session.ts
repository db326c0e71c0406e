import { randomBytes } from 'node:crypto';
import type { BrokerLink } from './broker-link.ts';
import { errorOfCode } from './kafka-wire.ts';

const sequences = 2 ** 31;

/**
 * An idempotent producer's identity at the brokers: they store the batch of a (producer, partition, sequence) once,
 * however often it is sent. Good until anything was refused; then its sequences are in doubt for ever.
 */
export class ProducerSession {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly #name = randomBytes(9).toString('base64url');
  readonly #next = new Map<number, number>();
  #records = 0;

  private constructor(producerId: string, producerEpoch: number) {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
  }

  static async begin(link: BrokerLink): Promise<ProducerSession> {
    const request = { transactionalId: null, transactionTimeout: 60_000 };
    const answer = (await link.ask('InitProducerId', request)) as {
      readonly errorCode: number;
      readonly producerId: string;
      readonly producerEpoch: number;
    };
    if (answer.errorCode !== 0) throw errorOfCode(answer.errorCode);
    return new ProducerSession(answer.producerId, answer.producerEpoch);
  }

  firstSequence(partition: number): number {
    return this.#next.get(partition) ?? 0;
  }

  /** The batch was acknowledged: the next one gets the sequence after it. */
  advance(partition: number, count: number): void {
    this.#next.set(partition, (this.firstSequence(partition) + count) % sequences);
  }

  /** A key no other stored copy of any record has, so that compaction takes none for an older version of another. */
  uniqueKey(key: string): string {
    return `${key}\0${this.#name}.${this.#records++}`;
  }
}
