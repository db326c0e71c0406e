import { systemClock } from '../../services/adapters/system/clock.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { newMemoryState, openMemory } from '../support/memory-edition.ts';
import { describeHttpApi, type OpenedArchive } from './http-api.contract.ts';
import { describeHttpClient } from './http-client.contract.ts';

const openMemoryArchive = async (): Promise<OpenedArchive> => ({
  archive: new MemoryArchive(systemClock),
  [Symbol.asyncDispose]: async () => {},
});
const openMemoryEdition = (): Promise<OpenedArchive> => openMemory(newMemoryState());

describeHttpApi('an archive in memory', openMemoryArchive);
describeHttpClient('an archive in memory', openMemoryArchive);
describeHttpApi('the services on memory adapters', openMemoryEdition);
describeHttpClient('the services on memory adapters', openMemoryEdition);
