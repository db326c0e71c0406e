import { readEnterpriseSettings } from '../../services/adapters/files/enterprise-settings.ts';
import { openEnterprise, roles } from '../../services/enterprise/compose.ts';
import type { Archive } from '../../services/search-api/archive.ts';
import { openStandard } from '../../services/standard/compose.ts';

export interface OpenEdition extends AsyncDisposable {
  readonly archive: Archive;
  settled(): Promise<void>;
}

/** An installation in this process with all its roles: a data folder, or a configuration of the Enterprise Edition. */
export const openEdition = async (installation: string): Promise<OpenEdition> => {
  if (!installation.endsWith('.json')) return openStandard({ data: installation, timeZone: 'UTC' });
  const settings = await readEnterpriseSettings(installation);
  const edition = await openEnterprise(settings, { roles, notice: () => undefined });
  return {
    archive: edition.archive!,
    settled: edition.settled,
    [Symbol.asyncDispose]: () => edition[Symbol.asyncDispose](),
  };
};
