import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../../../infra/engines/free-port.ts';
import { type EngineCommand, runEngine } from '../../../infra/engines/run-engine.ts';
import { isAlive } from '../../../infra/engines/running-engines.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

/** Listens on its port and answers every line with a line. */
const echo = `require('node:net').createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(+process.argv[1], '127.0.0.1', () => console.log('ready'))`;

const commandIn = async (path: string): Promise<EngineCommand> => {
  const port = await freePort();
  return {
    name: 'echo',
    words: [process.execPath, '-e', echo, String(port)],
    env: process.env,
    folder: { path, isTemporary: false },
    address: `127.0.0.1:${port}`,
    port,
    isReady: async (output) => output.includes('ready'),
  };
};

const isStopped = (pid: number): boolean =>
  execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T');

const open = async (port: number) => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

test('an engine is killed and restarted on the same port', async () => {
  await using folder = await temporaryFolder();
  await using engine = await runEngine(await commandIn(folder.path));
  const first = engine.pid;
  (await open(engine.port)).destroy();
  await engine.kill();
  assert.equal(engine.isRunning, false);
  await assert.rejects(open(engine.port), { code: 'ECONNREFUSED' });
  await engine.restart();
  assert.notEqual(engine.pid, first);
  (await open(engine.port)).destroy();
});

test('an engine that is paused keeps its connections and answers after it was resumed', async () => {
  await using folder = await temporaryFolder();
  await using engine = await runEngine(await commandIn(folder.path));
  const socket = await open(engine.port);
  engine.pause();
  await until(() => isStopped(engine.pid));
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.write('asked while it stood still');
  const second = await open(engine.port);
  engine.resume();
  await until(() => answer === 'asked while it stood still');
  second.destroy();
  socket.destroy();
});

test('an engine that is paused can be stopped in an orderly way', async () => {
  await using folder = await temporaryFolder();
  await using engine = await runEngine(await commandIn(folder.path));
  engine.pause();
  await engine.kill('SIGTERM');
  assert.equal(engine.isRunning, false);
});

test('an engine that runs is not started twice', async () => {
  await using folder = await temporaryFolder();
  await using engine = await runEngine(await commandIn(folder.path));
  await assert.rejects(engine.restart(), /echo still runs/);
});

test('when an engine does not start, what it wrote is shown', async () => {
  await using folder = await temporaryFolder();
  const command = await commandIn(folder.path);
  const words = [process.execPath, '-e', `console.log('1 ERROR no space'); process.exitCode = 3`] as const;
  await assert.rejects(
    runEngine({ ...command, words: [...words], isReady: async () => false }),
    (error: Error) => {
      assert.match(error.message, /^echo ended before it was ready; it wrote:\n1 ERROR no space$/);
      return true;
    },
  );
});

test('an engine and all its processes end, and its folder goes, when the process that started it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'hold-engine.ts'), folder]);
  const [said] = await once(holder.stdout, 'data');
  const pid = Number(said);
  assert.ok(isAlive(-pid));
  holder.kill('SIGKILL');
  await until(() => !isAlive(-pid));
  await until(() => !existsSync(folder));
});
