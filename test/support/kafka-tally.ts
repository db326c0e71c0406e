import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { AppendedRecord, EventLog } from '../../services/ports/event-log.ts';
import { readAll, record, start, textOf } from './records.ts';

export interface TallyResult {
  readonly attempted: number;
  readonly acknowledged: number;
  /** Acknowledged and not in the log. */
  readonly lost: number;
  /** Acknowledged with an offset at which another record lies. */
  readonly misplaced: number;
  readonly twice: number;
  /** Writers whose acknowledged records lie in another order than they were appended in. */
  readonly disordered: number;
}

/** Appends to `im` and remembers what was acknowledged, to compare with what the log holds in the end. */
export class Tally {
  readonly #log: EventLog;
  readonly #acknowledged: { readonly id: string; readonly appended: AppendedRecord }[] = [];
  #attempted = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** `false` where the log refused. A writer waits for each append before the next. */
  async append(writer: string, count = 1, keys = 1): Promise<boolean> {
    const ids = Array.from({ length: count }, (_, n) => `${writer}#${this.#attempted + n}`);
    this.#attempted += count;
    try {
      const appended = await this.#log.append(
        'im',
        ids.map((id, n) => record(`${writer}${n % keys}`, id)),
      );
      this.#acknowledged.push(...ids.map((id, n) => ({ id, appended: appended[n]! })));
      return true;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'LogUnavailable');
      return false;
    }
  }

  async compare(test: TestContext): Promise<TallyResult> {
    const partitions = this.#log.partitions.im;
    const places = new Map<string, number[]>();
    const at = new Map<string, string | null>();
    for (let partition = 0; partition < partitions; partition++) {
      for (const logged of await readAll(this.#log, start('im', partition))) {
        const id = textOf(logged);
        at.set(`${partition}/${logged.position.offset}`, id);
        if (id) places.set(id, [...(places.get(id) ?? []), logged.position.offset]);
      }
    }
    const lost = this.#acknowledged.filter(({ id }) => !places.has(id)).length;
    const misplaced = this.#acknowledged.filter(({ id, appended: { position } }) => {
      return at.get(`${position.partition}/${position.offset}`) !== id;
    }).length;
    const twice = [...places.values()].filter(({ length }) => length > 1).length;
    const byKey = Map.groupBy(this.#acknowledged, ({ id, appended }) => {
      return `${id.split('#', 1)[0]}/${appended.position.partition}`;
    });
    const disordered = [...byKey.values()].filter((own) =>
      own.some(({ id }, n) => n > 0 && places.get(id)![0]! < places.get(own[n - 1]!.id)![0]!),
    ).length;
    const result = {
      attempted: this.#attempted,
      acknowledged: this.acknowledged,
      lost,
      misplaced,
      twice,
      disordered,
    };
    const violated = lost + misplaced + disordered;
    test.diagnostic(`attempted ${this.#attempted}, violated ${violated}: ${JSON.stringify(result)}`);
    return result;
  }
}
