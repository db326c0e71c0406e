import { openEnterprise, roles } from '../../services/enterprise/compose.ts';
import { needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { until } from '../support/until.ts';
import { describeArchive, type EditionUnderTest } from './archive.scenario.ts';

const open = async (installation: EnterpriseInstallation): Promise<EditionUnderTest> => {
  const edition = await openEnterprise(installation.settings, { roles, notice: () => undefined });
  await until(async () => (await edition.archive?.readiness())?.ready === true);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await edition[Symbol.asyncDispose]();
    isOpen = false;
  };
  return {
    archive: edition.archive!,
    reopen: async ({ withoutIndex = false } = {}) => {
      await close();
      if (withoutIndex) await installation.loseIndex();
      return open(installation);
    },
    [Symbol.asyncDispose]: async () => {
      const isLast = isOpen;
      await close();
      if (isLast) await installation[Symbol.asyncDispose]();
    },
  };
};

describeArchive('Enterprise', async () => open(await makeEnterprise()), { skip: needsEngines });
