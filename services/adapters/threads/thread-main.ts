import { parentPort, workerData } from 'node:worker_threads';
import type { Reply, ThreadStart } from './messages.ts';
import { ThreadServer } from './thread-server.ts';

const post = (reply: Reply, transfer: readonly ArrayBuffer[]) => parentPort?.postMessage(reply, transfer);

const server = new ThreadServer(post);
// Listening before opening keeps the thread alive; requests only come after the answer to the start.
parentPort?.on('message', (request) => server.answer(request));
await server.start(workerData as ThreadStart);
