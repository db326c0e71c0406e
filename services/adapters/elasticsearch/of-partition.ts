/** A range: the engine can check one on the few items of another condition; for a term it would gather all items first. */
export const ofPartition = (partition: number): Readonly<Record<string, unknown>> => ({
  range: { partition: { gte: partition, lte: partition } },
});
