import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type EnterpriseSettings,
  readEnterpriseSettings,
} from '../../services/adapters/files/enterprise-settings.ts';
import { initEnterprise } from '../../services/adapters/files/init-enterprise.ts';
import { openEnterprise, roles } from '../../services/enterprise/compose.ts';
import { engines } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { describeArchive, type EditionUnderTest } from './archive.scenario.ts';

const open = async (settings: EnterpriseSettings, close: () => Promise<void>): Promise<EditionUnderTest> => {
  const edition = await openEnterprise(settings, { roles, notice: () => undefined });
  return {
    archive: edition.archive!,
    reopen: async () => {
      await edition[Symbol.asyncDispose]();
      return open(settings, close);
    },
    [Symbol.asyncDispose]: async () => {
      await edition[Symbol.asyncDispose]();
      await close();
    },
  };
};

describeArchive('Enterprise', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'enterprise.json');
  const { kafka, elasticsearch } = engines()!;
  const random = { bytes: (count: number) => randomBytes(count) };
  await initEnterprise({
    path,
    profile: 'development',
    kafka: [kafka],
    elasticsearch: [elasticsearch],
    random,
  });
  return open(await readEnterpriseSettings(path), async () => folder[Symbol.asyncDispose]());
});
