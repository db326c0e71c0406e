import { makeEnterprise } from '../../support/enterprise-installation.ts';
import type { BenchContext } from '../bench-context.ts';
import type { BenchRow } from '../bench-row.ts';
import { enterpriseAppendRows } from './append-rows.ts';
import { openBenchEngines } from './bench-engines.ts';
import { enterpriseDrainRows } from './drain-rows.ts';
import { DrainStand } from './drain-stand.ts';
import { inFlight } from './equal-settings.ts';
import { preloadTopic } from './preload-topic.ts';
import { enterpriseSearchRows } from './search-rows.ts';
import { storageRows } from './storage-rows.ts';

const events = 100_000;

export interface EnterpriseBench {
  readonly rows: readonly BenchRow[];
  /** What it ran on, or why it did not. */
  readonly engines: string;
}

/** All rows of the Enterprise Edition, on engines that run already or are started for them. */
export const enterpriseRows = async (context: BenchContext): Promise<EnterpriseBench> => {
  const { corpus, folder, say } = context;
  say('Enterprise: engines');
  const found = await openBenchEngines();
  if (typeof found === 'string') {
    say(`Enterprise: skipped: ${found}`);
    return { rows: [], engines: `Enterprise rows skipped: ${found}` };
  }
  await using engines = found;
  const { kafka, elasticsearch } = engines;
  // Where what the tests use finds them.
  Object.assign(process.env, {
    HOLDFAST_TEST_KAFKA: kafka.address,
    HOLDFAST_TEST_ELASTICSEARCH: elasticsearch.address,
  });
  await using installation = await makeEnterprise({ partitions: inFlight });
  const appends = await enterpriseAppendRows(context, kafka.address);
  say('Enterprise: preloading the log');
  const preloaded = await preloadTopic(installation, corpus.files, events);
  say('Enterprise: archiving once, to learn the documents');
  const drains = await drained();
  const searches = await enterpriseSearchRows(context, installation, elasticsearch.address);
  const { installation: id } = installation.settings.config;
  const stored = await storageRows(engines, { installation: id, ...preloaded });
  return {
    rows: [...drains, ...appends, ...searches, ...stored],
    engines: `${engines.description}, ${inFlight} partitions, 1 shard, no replica`,
  };

  async function drained(): Promise<BenchRow[]> {
    await using stand = await DrainStand.open({ installation, engines, preloaded, folder });
    return await enterpriseDrainRows(stand, context);
  }
};
