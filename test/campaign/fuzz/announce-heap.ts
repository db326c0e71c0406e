import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import { liveHeapBytes } from './live-heap.ts';

/**
 * Loaded into every thread of a server under test: on SIGUSR2 the process says on its standard error how much all its
 * threads hold, once every one of them that lives has answered. Threads come and go meanwhile; each runs a file, since Node loads
 * nothing before code that is given as text.
 */
type Message =
  | { readonly measure: number }
  | { readonly joined: number }
  | { readonly measured: number; readonly thread: number; readonly bytes: number };

const channel = new BroadcastChannel('fuzz-heap');
channel.unref();
const say = (message: Message): void => channel.postMessage(message);

if (isMainThread) {
  const threads = new Set<number>();
  const bytesOf = new Map<number, number>();
  let [measuring, announced] = [0, 0];
  const announce = (): void => {
    if (announced === measuring || [...threads].some((thread) => !bytesOf.has(thread))) return;
    announced = measuring;
    const bytes = [...threads].reduce((sum, thread) => sum + bytesOf.get(thread)!, liveHeapBytes());
    process.stderr.write(`heap ${bytes}\n`);
  };
  process.on('worker', (worker) => {
    const thread = worker.threadId;
    threads.add(thread);
    worker.once('exit', () => {
      threads.delete(thread);
      announce();
    });
  });
  channel.onmessage = ({ data }: { data: Message }) => {
    // Who was starting when it was asked did not hear it.
    if ('joined' in data && announced !== measuring) say({ measure: measuring });
    if (!('measured' in data) || data.measured !== measuring) return;
    bytesOf.set(data.thread, data.bytes);
    announce();
  };
  process.on('SIGUSR2', () => {
    measuring += 1;
    bytesOf.clear();
    say({ measure: measuring });
    announce();
  });
} else {
  channel.onmessage = ({ data }: { data: Message }) => {
    if ('measure' in data) say({ measured: data.measure, thread: threadId, bytes: liveHeapBytes() });
  };
  say({ joined: threadId });
}
