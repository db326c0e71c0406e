import { BroadcastChannel, isMainThread } from 'node:worker_threads';
import { liveHeapBytes } from './live-heap.ts';

/**
 * Loaded into every thread of a server under test: on SIGUSR2 the process says on its standard error how much all its
 * threads hold. Threads come and go; those that answer in time are there.
 */
const answerWithinMs = 1500;

const channel = new BroadcastChannel('fuzz-heap');
channel.unref();

if (isMainThread) {
  let bytes = 0;
  channel.onmessage = ({ data }) => {
    if (typeof data === 'number') bytes += data;
  };
  process.on('SIGUSR2', () => {
    bytes = liveHeapBytes();
    channel.postMessage('measure');
    setTimeout(() => process.stderr.write(`heap ${bytes}\n`), answerWithinMs);
  });
} else {
  channel.onmessage = ({ data }) => {
    if (data === 'measure') channel.postMessage(liveHeapBytes());
  };
}
