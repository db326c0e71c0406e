import type { RawRecord } from './poisoned-edition.ts';
import { firstMessage, ordinary, type Poison } from './poisons.ts';

/** One record in so many of a poisoned load is poison. */
export const batchSize = 100;
export const positions = ['first', 'middle', 'last'] as const;
export type PoisonPosition = (typeof positions)[number];

const indexOf: Record<PoisonPosition, number> = { first: 0, middle: batchSize / 2, last: batchSize - 1 };

export interface LoadPlan {
  /** Of its own, so that the load meets no other. */
  readonly conversation: string;
  readonly poisons: readonly Poison[];
  readonly position: PoisonPosition;
}

export interface Load {
  readonly batches: readonly (readonly RawRecord[])[];
  /** The poisons' own values, in their order. */
  readonly values: readonly (Uint8Array | null)[];
}

/** What was said first in the conversation, and then a batch around every poison. */
export const makeLoad = ({ conversation, poisons, position }: LoadPlan): Load => {
  const record = (value: Uint8Array | null): RawRecord => ({ key: conversation, value });
  const idOf = (batch: number, at: number): string => `${conversation}-${batch}-${at}`;
  const values = poisons.map((poison, batch) =>
    poison.value({ id: idOf(batch, indexOf[position]), conversation }),
  );
  const batches = values.map((value, batch) =>
    Array.from({ length: batchSize }, (_, at) =>
      record(at === indexOf[position] ? value : ordinary(idOf(batch, at), conversation)),
    ),
  );
  return { batches: [[record(firstMessage(conversation))], ...batches], values };
};

/** The same load, its poison replaced by what is ordinary. */
export const makeCleanLoad = (plan: LoadPlan): Load =>
  makeLoad({
    ...plan,
    poisons: plan.poisons.map((poison) => ({
      ...poison,
      value: ({ id, conversation }) => ordinary(id, conversation),
    })),
  });
