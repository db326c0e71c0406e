import { openStandard } from '../../../services/standard/compose.ts';
import type { Kill } from './kill-plan.ts';
import { runClient } from './run-client.ts';

// Run as a child: the whole Standard Edition in one process, which dies where its failpoint is.
const [data = '', kill = '{}'] = process.argv.slice(2);
await using edition = await openStandard({ data, timeZone: 'UTC' });
await runClient(edition, JSON.parse(kill) as Kill);
process.stdin.destroy();
