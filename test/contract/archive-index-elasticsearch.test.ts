import { hash } from 'node:crypto';
import { withTestIndex } from '../support/elasticsearch-index.ts';
import { needsEngines } from '../support/engines.ts';
import { describeArchiveIndex, partitions } from './archive-index.contract.ts';

// Removals wait for the engine, which renews its leases every 30 seconds: the other tests need not wait for them.
describeArchiveIndex(
  'Elasticsearch',
  (folder) => withTestIndex({ installation: hash('sha256', folder, 'hex').slice(0, 32), partitions }),
  { skip: needsEngines, concurrency: 4 },
);
