import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// Run as a child under strace: each adapter named in a thread of its own, which makes its calls itself.
const [folder = '', ...names] = process.argv.slice(2);
const thread = new URL('./specimen-thread.ts', import.meta.url);
await Promise.all(names.map((name) => once(new Worker(thread, { workerData: { name, folder } }), 'exit')));
