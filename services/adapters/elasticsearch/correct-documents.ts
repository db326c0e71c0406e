import type { Correction } from '../../ports/archive-index.ts';
import { type BulkOperation, deleteOperation, replaceOperation } from './bulk-operation.ts';
import type { Engine } from './engine.ts';
import { isIndexMissing } from './engine-error.ts';
import { faultOf } from './index-fault.ts';
import { readHeads, type StoredHead } from './read-heads.ts';
import { toStored } from './stored-document.ts';

/** Does each whose document is still as it was seen; one whose document changes meanwhile is not done. */
export const correctDocuments = async (
  engine: Engine,
  corrections: readonly Correction[],
): Promise<readonly boolean[]> => {
  const corrected = new Map<Correction, boolean>();
  for (const round of roundsOf(corrections))
    for (const [correction, isCorrected] of await correctOnce(engine, round))
      corrected.set(correction, isCorrected);
  return corrections.map((correction) => corrected.get(correction) === true);
};

/** An id twice: the second is judged when the first is done. */
const roundsOf = (corrections: readonly Correction[]): Correction[][] => {
  const rounds: Correction[][] = [];
  const seen = new Map<string, number>();
  for (const correction of corrections) {
    const round = seen.get(correction.seen.id) ?? 0;
    seen.set(correction.seen.id, round + 1);
    rounds[round] ??= [];
    rounds[round].push(correction);
  }
  return rounds;
};

const correctOnce = async (
  engine: Engine,
  corrections: readonly Correction[],
): Promise<readonly (readonly [Correction, boolean])[]> => {
  const heads = await readHeads(
    engine,
    corrections.map(({ seen }) => seen.id),
  );
  const planned = corrections.flatMap((correction) => {
    const head = heads.get(correction.seen.id);
    return isAsSeen(correction, head) ? [{ correction, operation: operationOf(correction, head) }] : [];
  });
  const answers = await engine.writer.write(planned.map(({ operation }) => operation));
  const lost: Correction[] = [];
  for (const [at, { correction }] of planned.entries()) {
    const { status, error } = answers[at]!;
    if (status === 409 || (error !== undefined && isIndexMissing(error))) lost.push(correction);
    else if (error !== undefined) throw faultOf(error);
  }
  const done = await findDone(engine, lost);
  return planned.map(({ correction }) => [correction, !lost.includes(correction) || done.has(correction)]);
};

const isAsSeen = ({ seen }: Correction, head: StoredHead | undefined): head is StoredHead =>
  head !== undefined && head.itemHash === seen.itemHash && head.newestOffset === seen.newestOffset;

const operationOf = ({ seen, becomes }: Correction, head: StoredHead): BulkOperation =>
  becomes === undefined
    ? deleteOperation(seen.id, head.seen)
    : replaceOperation(seen.id, toStored(becomes), head.seen);

/** A correction sent again because its answer was lost finds its own work. */
const findDone = async (engine: Engine, lost: readonly Correction[]): Promise<ReadonlySet<Correction>> => {
  const heads = await readHeads(
    engine,
    lost.map(({ seen }) => seen.id),
  );
  return new Set(
    lost.filter(({ seen, becomes }) => {
      const head = heads.get(seen.id);
      return becomes === undefined
        ? head === undefined
        : head?.itemHash === becomes.itemHash && head.newestOffset === becomes.newestOffset;
    }),
  );
};
