import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { MemoryArchiveIndex } from '../../../services/adapters/memory/archive-index.ts';
import { openSqliteArchiveIndex } from '../../../services/adapters/sqlite/open-archive-index.ts';
import { toIndexDocument } from '../../../services/core/item/index-document.ts';
import { arbitraryItems, partitions } from '../../support/arbitrary-items.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { threadCpuMs } from '../../support/thread-cpu.ts';
import { checkEvent, checkImport, checkQuery, type Faults, type Indexes } from './check-pure.ts';
import { eventLine } from './event-inputs.ts';
import { importInput } from './import-inputs.ts';
import { diceOf, isPure, kindOf } from './kinds.ts';
import { liveHeapBytes } from './live-heap.ts';
import type { PureRange, PureReport } from './pure-range.ts';
import { queryInput } from './query-inputs.ts';

/** One in so many queries is asked of the index as well. */
const askedOneIn = 3;
/** Caches fill before what is held is measured. */
const warmUpInputs = 2000;

const { seed, from, to, progress } = workerData as PureRange;
const report = (message: PureReport): void => parentPort?.postMessage(message);

await using folder = await temporaryFolder();
await using engine = await openSqliteArchiveIndex({ path: join(folder.path, 'index.db'), partitions });
const definition = new MemoryArchiveIndex({ partitions });
const [items = []] = fc.sample(arbitraryItems(40), { seed, numRuns: 1 });
for (const index of [definition, engine]) await index.put(items.map(toIndexDocument));

const check = async (number: number): Promise<Faults> => {
  const dice = diceOf(seed, number);
  const kind = kindOf(number);
  if (kind === 'event') return checkEvent(eventLine(dice));
  if (kind === 'query') {
    const indexes: Indexes | undefined = dice.oneIn(askedOneIn) ? { definition, engine } : undefined;
    return checkQuery(queryInput(dice), indexes);
  }
  const { name, bytes } = importInput(dice);
  const inside = join(folder.path, 'channel');
  await mkdir(inside);
  await writeFile(join(inside, name), bytes);
  try {
    return await checkImport(inside);
  } finally {
    await rm(inside, { recursive: true });
  }
};

let heapBefore = liveHeapBytes();
for (let number = from; number < to; number += 1) {
  if (!isPure(kindOf(number))) continue;
  if (number - from === warmUpInputs) heapBefore = liveHeapBytes();
  Atomics.store(progress, 0, number);
  const beforeMs = threadCpuMs();
  try {
    for (const fault of await check(number)) report({ number, fault });
  } catch (error) {
    report({ number, fault: `threw ${error instanceof Error ? error.stack : String(error)}` });
  }
  const usedMs = Math.round(threadCpuMs() - beforeMs);
  Atomics.store(progress, 1, Math.max(Atomics.load(progress, 1), usedMs));
}
Atomics.store(progress, 0, to);
report({ grownBytes: liveHeapBytes() - heapBefore });
