import { HoldfastError } from '../core/errors.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { ArchiverControl } from './archiver.ts';

/** In place of an archiver where nothing can be written: what is accounted for is all there will be. */
export const restingArchiver = (ledger: Ledger): ArchiverControl => ({
  status: async () => ({ state: 'stopped' }),
  waitFor: async (partition, size) => {
    if ((await ledger.frontier(partition)).size < size) throw new HoldfastError('ReadOnly');
  },
  caughtUp: async () => undefined,
  processAll: async () => undefined,
  // biome-ignore lint/correctness/useYield: it has nothing to say before it refuses
  rebuild: async function* () {
    throw new HoldfastError('ReadOnly');
  },
  [Symbol.asyncDispose]: async () => undefined,
});
