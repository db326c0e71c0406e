import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { specimens } from './specimens.ts';

// Run as a child under strace: every adapter in a thread of its own, which makes its calls itself.
const [folder = ''] = process.argv.slice(2);
const thread = new URL('./specimen-thread.ts', import.meta.url);
await Promise.all(
  Object.keys(specimens).map((name) => once(new Worker(thread, { workerData: { name, folder } }), 'exit')),
);
