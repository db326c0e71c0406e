import { HoldfastError } from '../../core/errors.ts';
import type { Position, StreamName } from '../../ports/event-log.ts';

export const streamNames: readonly StreamName[] = ['im', 'governance', 'audit'];

/** A partition of a stream; its index in the list of all is what the store and the threads call it by. */
export interface Slot {
  readonly stream: StreamName;
  readonly generation: number;
  readonly partition: number;
}

/** A record's place in the store. */
export interface Place {
  readonly slot: number;
  readonly offset: number;
}

export const generation = 1;

export const slotsOf = (partitions: Readonly<Record<StreamName, number>>): readonly Slot[] =>
  streamNames.flatMap((stream) =>
    Array.from({ length: partitions[stream] }, (_, partition) => ({ stream, generation, partition })),
  );

/** Finds slots by name; refuses partitions the log does not have. */
export const slotFinder = (slots: readonly Slot[]) => {
  const numbers = new Map(slots.map((slot, number) => [nameOf(slot), number]));
  return (slot: Slot): number => {
    const number = numbers.get(nameOf(slot));
    if (number !== undefined) return number;
    throw new HoldfastError('NotFound', { detail: `The log has no partition ${nameOf(slot)}.` });
  };
};

export const nameOf = ({ stream, generation, partition }: Slot): string =>
  `${stream}_${generation}_${partition}`;

export const placeOf = (findSlot: (slot: Slot) => number, position: Position): Place => ({
  slot: findSlot(position),
  offset: position.offset,
});
