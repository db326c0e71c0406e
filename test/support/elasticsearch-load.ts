import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { IndexDocument } from '../../schemas/archive/index-document.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import type { ArchiveIndex } from '../../services/ports/archive-index.ts';
import { message } from './ask-index.ts';

/** Puts without end: new items, later states of earlier ones, and old states again. */
export class PutLoad {
  readonly #index: Pick<ArchiveIndex, 'put'>;
  readonly #partition: number;
  /** The newest state of each item, once it was acknowledged. */
  readonly acknowledged = new Map<string, IndexDocument>();
  attempted = 0;
  refused = 0;
  #batch = 0;
  #isEnded = false;
  #isAbandoned = false;
  readonly #running: Promise<void>;

  constructor(index: Pick<ArchiveIndex, 'put'>, partition: number) {
    this.#index = index;
    this.#partition = partition;
    this.#running = this.#run();
    this.#running.catch(() => undefined);
  }

  /** Resolves when the batch under way was acknowledged. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#running;
  }

  /** Ends without waiting for what is not taken: something went wrong. */
  abandon(): void {
    this.#isEnded = true;
    this.#isAbandoned = true;
  }

  async #run(): Promise<void> {
    while (!this.#isEnded) {
      const batch = this.#nextBatch();
      await this.#putUntilTaken(batch);
      for (const document of batch) this.#note(document);
    }
  }

  #nextBatch(): IndexDocument[] {
    const number = this.#batch++;
    const fresh = Array.from({ length: 20 }, (_, n) => this.#state(number * 20 + n, 0));
    const known = [...this.acknowledged.values()];
    const later = known.slice(-200).filter((_, at) => at % 20 === number % 20);
    this.attempted += fresh.length + later.length * 2;
    return [...fresh, ...later.map((document) => this.#later(document)), ...later];
  }

  /** As an archiver does: what is refused for now is put again, whole. */
  async #putUntilTaken(batch: readonly IndexDocument[]): Promise<void> {
    for (;;) {
      try {
        await this.#index.put(batch);
        return;
      } catch (error) {
        if (this.#isAbandoned || !isHoldfastError(error, 'IndexUnavailable')) throw error;
        this.refused += 1;
        await delay(20);
      }
    }
  }

  #state(number: number, edits: number): IndexDocument {
    const texts = Array.from({ length: edits }, (_, n) => ({ body: `edit ${n} of ${number}` }));
    const id = `p${this.#partition}-${number}`;
    return toIndexDocument(message(id, number * 50, { partition: this.#partition, edits: texts }));
  }

  #later({ firstOffset, newestOffset }: IndexDocument): IndexDocument {
    return this.#state(firstOffset / 50, newestOffset - firstOffset + 1);
  }

  #note(document: IndexDocument): void {
    const known = this.acknowledged.get(document.id);
    if (known === undefined || known.newestOffset < document.newestOffset)
      this.acknowledged.set(document.id, document);
  }
}

/** What is lost, taken back, there twice or without having been put. */
export const violationsOf = async (index: ArchiveIndex, loads: readonly PutLoad[]): Promise<string[]> => {
  await index.refresh();
  const violations: string[] = [];
  for (const [partition, { acknowledged }] of loads.entries()) {
    const stored = await index.scan(partition, 0, 1_000_000);
    const seen = new Set<string>();
    for (const { document } of stored) {
      if (seen.has(document.id)) violations.push(`${document.id} is there twice`);
      seen.add(document.id);
      if (!isDeepStrictEqual(document, acknowledged.get(document.id)))
        violations.push(`${document.id} is not in its newest state`);
    }
    for (const id of acknowledged.keys()) if (!seen.has(id)) violations.push(`${id} is lost`);
  }
  return violations;
};
