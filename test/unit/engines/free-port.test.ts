import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { freePort } from '../../../infra/engines/free-port.ts';

const module = new URL('../../../infra/engines/free-port.ts', import.meta.url).href;

/** What a process of its own is given that wants this port. */
const freePortElsewhere = (wanted: number): number => {
  const script = `process.stdout.write(String(await (await import('${module}')).freePort(${wanted})))`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
};

test('of many who ask for a port at once no two are given the same', async () => {
  const ports = await Promise.all(Array.from({ length: 400 }, () => freePort()));
  assert.equal(new Set(ports).size, ports.length);
});

test('a port that one was given is not given to another process, though nobody listens on it yet', async () => {
  const port = await freePort();
  assert.notEqual(freePortElsewhere(port), port);
});

test('the port wanted is given where nobody has it, and is free again once its process is gone', async () => {
  const port = freePortElsewhere(12_092);
  assert.equal(await freePort(port), port);
});
