import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../../..');
const needsEngines = `import { test } from 'node:test';
import { engines, needsEngines } from '../support/engines.ts';
test('with engines', { skip: needsEngines }, () => { console.log(engines()); });
test('without', () => undefined);
`;

const writeProgram = async (path: string, script: string): Promise<void> => {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
};

/** A project of the runner and the engines alone, on a machine whose Java is a pretence and whose Maven is this script. */
const makeProject = async (path: string, contractTest: string, maven?: string) => {
  await cp(join(root, 'infra/engines'), join(path, 'infra/engines'), { recursive: true });
  for (const folder of ['test/support', 'test/contract', 'jdk/bin', 'bin'])
    await mkdir(join(path, folder), { recursive: true });
  for (const name of [
    'compile-cache.ts',
    'end-late-file.ts',
    'engines.ts',
    'longest-first.ts',
    'offer-engines.ts',
    'read-attempt.ts',
    'run-tiers.ts',
  ])
    await cp(join(root, 'test/support', name), join(path, 'test/support', name));
  await writeFile(join(path, 'package.json'), '{ "type": "module" }');
  await writeFile(join(path, 'test/contract/a.test.ts'), contractTest);
  await writeProgram(join(path, 'jdk/bin/java'), 'exit 1');
  await writeFile(join(path, 'jdk/release'), 'JAVA_VERSION="99"\n');
  if (maven !== undefined) await writeProgram(join(path, 'bin/mvn'), maven);
};

const startRunner = (path: string, env: Readonly<Record<string, string>> = {}) =>
  spawn(process.execPath, ['test/support/run-tiers.ts'], {
    cwd: path,
    env: { HOLDFAST_JAVA_HOME: join(path, 'jdk'), PATH: join(path, 'bin'), HOME: path, CI: 'true', ...env },
  });

const outcome = async (runner: ReturnType<typeof startRunner>) => {
  const [out, [code]] = await Promise.all([text(runner.stdout), once(runner, 'close')]);
  return { out, code, lastLine: out.trimEnd().split('\n').at(-1) };
};

test('without Maven what needs engines is skipped with the line that says how to get them', async () => {
  await using folder = await temporaryFolder();
  await makeProject(folder.path, needsEngines);
  const { out, code, lastLine } = await outcome(startRunner(folder.path));
  assert.equal(lastLine, '1 passed, 0 failed, 1 skipped');
  assert.equal(code, 0);
  assert.match(out, /^skipped with engines: no Maven \(mvn\) here, .* install the package maven$/m);
});

test('where Java and Maven are there and the engines do not start, the run has failed and says why', async () => {
  await using folder = await temporaryFolder();
  await makeProject(folder.path, needsEngines, 'echo "[ERROR] the repository is not reached"; exit 1');
  const { out, code, lastLine } = await outcome(startRunner(folder.path));
  assert.equal(lastLine, '1 passed, 1 failed, 1 skipped');
  assert.equal(code, 1);
  assert.match(
    out,
    /FAILED to start the engines\n.*Maven could not fetch.*\n\[ERROR\] the repository is not reached/,
  );
});

test('engines that the caller names are used, and none are started', async () => {
  await using folder = await temporaryFolder();
  await makeProject(folder.path, needsEngines);
  const env = { HOLDFAST_TEST_KAFKA: 'a:1', HOLDFAST_TEST_ELASTICSEARCH: 'http://b:2' };
  const { lastLine } = await outcome(startRunner(folder.path, env));
  assert.equal(lastLine, '2 passed, 0 failed, 0 skipped');
});

test('what a campaign attempted and how much was violated is in the log, and no other diagnostic', async () => {
  await using folder = await temporaryFolder();
  const said = ['kills (both): 56 kills attempted, 0 violated {"seen":1}', 'something else'];
  await makeProject(
    folder.path,
    `import { test } from 'node:test';
     test('a campaign', (t) => { for (const line of ${JSON.stringify(said)}) t.diagnostic(line); });`,
  );
  const { out } = await outcome(startRunner(folder.path));
  assert.ok(out.includes(`\n${said[0]}\n`), out);
  assert.ok(!out.includes('something else'));
});

test('a file that crashes is a failure, and the last line still comes', async () => {
  await using folder = await temporaryFolder();
  await makeProject(folder.path, `process.kill(process.pid, 'SIGKILL');`);
  const { code, lastLine } = await outcome(startRunner(folder.path));
  assert.equal(lastLine, '0 passed, 1 failed, 0 skipped');
  assert.equal(code, 1);
});

test('a file that a failed test keeps open is ended, and the last line still comes', async () => {
  await using folder = await temporaryFolder();
  const left = 'setInterval(() => undefined, 1000)';
  await makeProject(
    folder.path,
    `import { test } from 'node:test'; test('leaves', () => { ${left}; throw new Error('failed'); });`,
  );
  const { code, lastLine } = await outcome(startRunner(folder.path, { HOLDFAST_TEST_FILE_SECONDS: '2' }));
  assert.equal(lastLine, '0 passed, 1 failed, 0 skipped');
  assert.equal(code, 1);
});

test('a run that is stopped ends its tests, fails, and the last line still comes', async () => {
  await using folder = await temporaryFolder();
  await makeProject(
    folder.path,
    `import { writeFileSync } from 'node:fs';
     import { test } from 'node:test';
     test('never ends', () => new Promise(() => { setInterval(() => undefined, 1000); writeFileSync('begun.fifo', '.'); }));`,
  );
  const fifo = spawn('mkfifo', [join(folder.path, 'begun.fifo')]);
  await once(fifo, 'close');
  const runner = startRunner(folder.path);
  const ended = outcome(runner);
  const reader = spawn('cat', [join(folder.path, 'begun.fifo')]);
  assert.equal(await text(reader.stdout), '.');
  runner.kill('SIGTERM');
  const { code, lastLine } = await ended;
  assert.match(lastLine ?? '', /^0 passed, [1-9]\d* failed, 0 skipped$/);
  assert.equal(code, 1);
});
