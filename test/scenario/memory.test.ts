import { emptyMemoryIndex, type MemoryState, newMemoryState, openMemory } from '../support/memory-edition.ts';
import { describeArchive, type EditionUnderTest } from './archive.scenario.ts';

const openOn = async (state: MemoryState): Promise<EditionUnderTest> => {
  const edition = await openMemory(state);
  return {
    archive: edition.archive,
    reopen: async ({ withoutIndex = false } = {}) => {
      await edition[Symbol.asyncDispose]();
      return openOn(withoutIndex ? { ...state, index: emptyMemoryIndex() } : state);
    },
    [Symbol.asyncDispose]: () => edition[Symbol.asyncDispose](),
  };
};

describeArchive('memory', () => openOn(newMemoryState()));
