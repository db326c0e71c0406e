import { systemClock } from '../../services/adapters/system/clock.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { describeHttpApi, type OpenedArchive } from './http-api.contract.ts';
import { describeHttpClient } from './http-client.contract.ts';

const openMemoryArchive = async (): Promise<OpenedArchive> => ({
  archive: new MemoryArchive(systemClock),
  [Symbol.asyncDispose]: async () => {},
});

describeHttpApi('an archive in memory', openMemoryArchive);
describeHttpClient('an archive in memory', openMemoryArchive);
