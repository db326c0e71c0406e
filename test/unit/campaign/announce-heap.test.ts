import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const preload = new URL('../../campaign/fuzz/announce-heap.ts', import.meta.url).href;

/** What a process says it holds when it is asked while so many threads of it are starting. */
const announcedWith = async (threads: number): Promise<number> => {
  const script = `
    const { Worker } = require('node:worker_threads');
    for (let n = 0; n < ${threads}; n += 1) new Worker(new URL('data:text/javascript,setInterval(() => {}, 1e6)'));
    setInterval(() => {}, 1e6);
    setImmediate(() => process.kill(process.pid, 'SIGUSR2'));`;
  const child = spawn(process.execPath, ['--import', preload, '-e', script]);
  const [line] = await once(createInterface(child.stderr), 'line');
  child.kill('SIGKILL');
  return Number(/^heap (\d+)$/.exec(String(line))?.[1]);
};

test('what a process holds is announced once all its threads have told, those too that were starting', async () => {
  const alone = await announcedWith(0);
  assert.ok((await announcedWith(4)) > 3 * alone);
});
