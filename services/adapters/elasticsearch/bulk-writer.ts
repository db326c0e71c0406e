import { failpoint } from '../../core/failpoint.ts';
import type { BulkOperation, BulkOutcome } from './bulk-operation.ts';
import { splitIntoRequests } from './bulk-operation.ts';
import type { EngineConnection } from './engine-connection.ts';
import { type EngineError, engineErrorOf, isPassing } from './engine-error.ts';
import { faultOf, toIndexFault } from './index-fault.ts';
import { mayPass, type Patience, pauseMs } from './retrying.ts';
import { Slots } from './slots.ts';

export interface BulkWriterOptions extends Patience {
  /** The alias through which operations without an index of their own go. */
  readonly target: string;
  readonly maxInFlight?: number;
}

interface BulkAnswer {
  readonly items: readonly Readonly<
    Record<string, { status: number; error?: { type?: string; reason?: string } }>
  >[];
}

/** Only what is read here: an answer says much more about each operation. */
const answerFields = 'items.*.status,items.*.error.type,items.*.error.reason';
/** For copies of a shard that are away; less than our own wait for the answer. */
const shardTimeout = '10s';

/**
 * Sends operations in requests bounded in bytes and number, some of them at once. What the cluster could not take is
 * sent again until patience ends; a refusal is the outcome of its operation alone. Operations may be done twice, late,
 * and in any order: each must be conditional, and no two of one call of the same id.
 */
export class BulkWriter {
  readonly #connection: EngineConnection;
  readonly #options: BulkWriterOptions;
  readonly #slots: Slots;

  constructor(connection: EngineConnection, options: BulkWriterOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#slots = new Slots(options.maxInFlight ?? 3);
  }

  /** The outcome of each operation; rejects when the cluster could not be made to take one. */
  async write(operations: readonly BulkOperation[]): Promise<readonly BulkOutcome[]> {
    const requests = splitIntoRequests(operations);
    const answers = await Promise.allSettled(
      requests.map((request) =>
        this.#slots.use(async () => {
          const outcomes = await this.#sendAll(request);
          failpoint('index.put-in-part', requests.length > 1);
          return outcomes;
        }),
      ),
    );
    return answers.flatMap((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }

  async #sendAll(operations: readonly BulkOperation[]): Promise<readonly BulkOutcome[]> {
    const { clock, random, patienceMs } = this.#options;
    const deadline = clock.monotonicMs() + patienceMs;
    const outcomes = new Map<BulkOperation, BulkOutcome>();
    for (let attempt = 0; ; attempt += 1) {
      const open = operations.filter((operation) => !outcomes.has(operation));
      const trouble = await this.#sendOnce(open, outcomes);
      if (outcomes.size === operations.length) return operations.map((operation) => outcomes.get(operation)!);
      const pause = pauseMs(attempt, random);
      if (clock.monotonicMs() + pause > deadline) throw trouble;
      await clock.sleep(pause);
    }
  }

  /** Notes the outcome of each operation that has one; returns why the others have none. */
  async #sendOnce(
    operations: readonly BulkOperation[],
    outcomes: Map<BulkOperation, BulkOutcome>,
  ): Promise<unknown> {
    const { target } = this.#options;
    try {
      const lines = operations.map(({ text }) => text).join('');
      const asked = this.#connection.request<BulkAnswer>({
        method: 'POST',
        path: `/${target}/_bulk`,
        query: { require_alias: true, filter_path: answerFields, timeout: shardTimeout },
        lines,
      });
      failpoint('index.put-sent');
      const { items } = await asked;
      return noteOutcomes(operations, items.map(outcomeOf), outcomes);
    } catch (error) {
      const said = engineErrorOf(error);
      if (said?.status === 413) return this.#sendSmaller(operations, { said, outcomes });
      if (mayPass(error)) return toIndexFault(error);
      throw toIndexFault(error);
    }
  }

  /** A request over the limit of the cluster, which may be lower than ours. */
  async #sendSmaller(
    operations: readonly BulkOperation[],
    { said, outcomes }: { readonly said: EngineError; readonly outcomes: Map<BulkOperation, BulkOutcome> },
  ): Promise<unknown> {
    if (operations.length === 1) return noteOutcomes(operations, [{ status: 413, error: said }], outcomes);
    const half = Math.ceil(operations.length / 2);
    const first = await this.#sendOnce(operations.slice(0, half), outcomes);
    return (await this.#sendOnce(operations.slice(half), outcomes)) ?? first;
  }
}

const noteOutcomes = (
  operations: readonly BulkOperation[],
  answers: readonly BulkOutcome[],
  outcomes: Map<BulkOperation, BulkOutcome>,
): unknown => {
  let trouble: unknown;
  for (const [at, operation] of operations.entries()) {
    const answer = answers[at]!;
    if (answer.error !== undefined && isPassing(answer.error)) trouble = faultOf(answer.error);
    else outcomes.set(operation, answer);
  }
  return trouble;
};

const outcomeOf = (item: BulkAnswer['items'][number]): BulkOutcome => {
  const [{ status, error } = { status: 0 }] = Object.values(item);
  if (error === undefined) return { status };
  return { status, error: { status, type: error.type ?? '', reason: error.reason ?? '' } };
};
