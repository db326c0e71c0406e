import { readEnterpriseSettings } from '../../services/adapters/files/enterprise-settings.ts';
import type { LoadAnswer, LoadOrder } from './load-orders.ts';
import { openLog } from './open-log.ts';
import { Publisher } from './publisher.ts';
import { sampleTexts } from './sample-texts.ts';
import { SoakEvents } from './soak-events.ts';

// In a process of its own: publishes as ordered until the parent hangs up, however that ends.
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process; the parent decides what ends when.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);

const settings = await readEnterpriseSettings(process.argv[2] ?? '');
await using opened = await openLog(settings);
const events = new SoakEvents(sampleTexts());
const tell = (answer: LoadAnswer): void => void process.send?.(answer);

let publisher: Publisher | undefined;
setInterval(() => {
  if (publisher === undefined) return;
  const { acknowledged, behindMs } = publisher;
  tell({ kind: 'progress', acknowledged, behindMs });
}, 1000).unref();

const obey = async (order: LoadOrder): Promise<void> => {
  if (order.kind === 'publish') publisher = new Publisher(opened.log, events, order);
  else {
    const figures = await publisher!.stop();
    publisher = undefined;
    tell({ kind: 'stopped', figures });
  }
};
process.on('message', (order: LoadOrder) => void obey(order));
tell({ kind: 'ready' });
await new Promise(() => undefined);
