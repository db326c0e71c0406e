import { HoldfastError } from '../core/errors.ts';
import type { Archive } from '../search-api/archive.ts';

/** In place of an archive in a process that does not serve one: it only says whether the process is well. */
export const roleArchive = (readiness: Archive['readiness']): Archive => {
  const refuse = async (): Promise<never> => {
    throw new HoldfastError('NotFound', {
      detail: 'This process does not have the role search-api; call one that has.',
    });
  };
  // biome-ignore lint/correctness/useYield: it has nothing to say before it refuses
  const refuseSteps = async function* (): AsyncGenerator<never> {
    await refuse();
  };
  return {
    search: refuse,
    item: refuse,
    conversation: refuse,
    coverage: refuse,
    append: refuse,
    known: refuse,
    outcomes: refuse,
    note: refuse,
    quarantine: refuse,
    retryQuarantine: refuse,
    scope: refuse,
    setScope: refuse,
    verify: refuseSteps,
    rebuildIndex: refuseSteps,
    readiness,
  };
};
