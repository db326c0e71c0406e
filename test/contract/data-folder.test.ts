import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openDataFolder } from '../../services/adapters/files/data-folder.ts';
import { readServerFile } from '../../services/adapters/files/server-file.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { openSqliteEventLog } from '../../services/adapters/sqlite/open-event-log.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import { record } from '../support/records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = join(import.meta.dirname, '../support/hold-data-folder.ts');

interface Child extends AsyncDisposable {
  readonly pid: number;
  /** What it said about the folder. */
  readonly said: Record<string, unknown>;
  kill(): Promise<void>;
}

const startChild = async (
  folder: string,
  act: 'hold' | 'serve' | 'append',
  account: { uid?: number; gid?: number } = {},
): Promise<Child> => {
  const child = spawn(process.execPath, [script, folder, act], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...account,
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = await lines.next();
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  if (line.done) throw new Error('The child said nothing.');
  return { pid: child.pid ?? 0, said: JSON.parse(line.value), kill, [Symbol.asyncDispose]: kill };
};

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

const invalid = (text: RegExp) => (error: unknown) =>
  error instanceof HoldfastError && error.code === 'DataFolderInvalid' && text.test(error.message);

/** A finished folder that nobody holds. */
const madeFolder = async () => {
  const parent = await temporaryFolder();
  const path = join(parent.path, 'data');
  await (await openDataFolder(path))[Symbol.asyncDispose]();
  return { path, [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose]() };
};

test('a new data folder is for its owner alone and keeps its identity', async () => {
  await using parent = await temporaryFolder();
  const path = join(parent.path, 'deep', 'data');
  const first = await openDataFolder(path);
  const { installation, publicKeyPem, paths, partitions } = first;
  assert.match(installation, /^[0-9a-f]{32}$/);
  assert.deepEqual(partitions, { im: 4, governance: 1, audit: 1 });
  assert.equal(paths.log, join(path, 'log.db'));
  assert.deepEqual(first.warnings, []);
  assert.equal(await modeOf(path), '700');
  assert.equal(await modeOf(join(path, 'keys')), '700');
  assert.equal(await modeOf(join(path, 'keys', 'tree-heads.pem')), '600');
  await first[Symbol.asyncDispose]();
  await using second = await openDataFolder(path, { partitions: { im: 9, governance: 1, audit: 1 } });
  assert.equal(second.installation, installation);
  assert.equal(second.publicKeyPem, publicKeyPem);
  assert.deepEqual(second.partitions, partitions);
});

test('the same randomness makes the same installation and key', async () => {
  const make = async () => {
    await using parent = await temporaryFolder();
    const random = new SeededRandom('folder');
    await using folder = await openDataFolder(join(parent.path, 'data'), {
      random,
      clock: new MemoryClock(),
    });
    return [
      folder.installation,
      folder.publicKeyPem,
      await readFile(join(folder.path, 'holdfast.json'), 'utf8'),
    ];
  };
  assert.deepEqual(await make(), await make());
});

test('a folder held in this process is refused to it too, and the refusal does not free it', async () => {
  await using made = await madeFolder();
  await using _held = await openDataFolder(made.path);
  const locked = { code: 'DataFolderLocked', details: { pid: process.pid } };
  await assert.rejects(openDataFolder(made.path), (error: unknown) => {
    return error instanceof HoldfastError && error.code === locked.code && error.details.pid === process.pid;
  });
  await using child = await startChild(made.path, 'hold');
  assert.equal(child.said.code, 'DataFolderLocked');
  assert.equal((child.said.details as Record<string, unknown>).pid, process.pid);
});

test('a folder held by a server names it, and how to speak to it, until it is killed', async () => {
  await using made = await madeFolder();
  await using child = await startChild(made.path, 'serve');
  assert.equal(await modeOf(join(made.path, 'server.json')), '600');
  await assert.rejects(openDataFolder(made.path), (error: unknown) => {
    assert.ok(error instanceof HoldfastError);
    assert.equal(error.code, 'DataFolderLocked');
    assert.equal(error.details.pid, child.pid);
    assert.equal(error.details.url, 'http://127.0.0.1:8080');
    assert.ok(!JSON.stringify(error.details).includes('a-token-of-a-child'));
    return true;
  });
  assert.deepEqual(await readServerFile(made.path), {
    pid: child.pid,
    url: 'http://127.0.0.1:8080',
    token: 'a-token-of-a-child',
  });
  await child.kill();
  assert.equal(await readServerFile(made.path), undefined);
  await using folder = await openDataFolder(made.path);
  assert.deepEqual((await readdir(folder.path)).includes('server.json'), false);
});

test('a holder that does not serve is named without the address a killed server left', async () => {
  await using made = await madeFolder();
  await using child = await startChild(made.path, 'hold');
  const stale = { pid: 2 ** 22 - 1, url: 'http://127.0.0.1:1', token: 'left-by-a-dead-server' };
  await writeFile(join(made.path, 'server.json'), JSON.stringify(stale));
  await assert.rejects(openDataFolder(made.path), (error: unknown) => {
    assert.ok(error instanceof HoldfastError);
    assert.deepEqual([error.details.pid, error.details.url], [child.pid, undefined]);
    return true;
  });
});

test('closing the server takes its address away, closing the folder frees it', async () => {
  await using made = await madeFolder();
  const folder = await openDataFolder(made.path);
  const server = await folder.announceServer({ url: 'http://127.0.0.1:8080', token: 'sixteen-letters!' });
  assert.equal((await readServerFile(made.path))?.pid, process.pid);
  await server[Symbol.asyncDispose]();
  assert.equal(await readServerFile(made.path), undefined);
  await folder[Symbol.asyncDispose]();
  await using child = await startChild(made.path, 'hold');
  assert.equal(child.said.held, true);
});

test('of processes that start at once in an empty folder one makes and holds it', async () => {
  await using parent = await temporaryFolder();
  const path = join(parent.path, 'data');
  const children = await Promise.all([1, 2, 3].map(() => startChild(path, 'hold')));
  try {
    const said = children.map((child) => child.said);
    assert.equal(said.filter(({ held }) => held).length, 1, JSON.stringify(said));
    assert.ok(said.every(({ held, code }) => held || code === 'DataFolderLocked'));
  } finally {
    await Promise.all(children.map((child) => child.kill()));
  }
});

test('what is missing, damaged or of another version is named and refused', async () => {
  const faults: readonly (readonly [RegExp, (path: string) => Promise<unknown>])[] = [
    [/tree-heads\.pem is missing/, (path) => rm(join(path, 'keys', 'tree-heads.pem'))],
    [/tree-heads\.public\.pem is missing/, (path) => rm(join(path, 'keys', 'tree-heads.public.pem'))],
    [/tree-heads\.pem is damaged/, (path) => writeFile(join(path, 'keys', 'tree-heads.pem'), 'no key')],
    [/holdfast\.json is damaged/, (path) => writeFile(join(path, 'holdfast.json'), '{"format": 1, ')],
    [/is of format 2/, (path) => writeFile(join(path, 'holdfast.json'), '{"format": 2, "new": true}')],
    [/analyzer version 99/, (path) => editDescription(path, { analyzerVersion: 99 })],
    [/holdfast\.json is damaged/, (path) => editDescription(path, { partitions: { im: 0 } })],
    [/not the one .* was made with/, (path) => editDescription(path, { keyId: '0123456789abcdef' })],
    [/holds log\.db but no holdfast\.json/, loseDescription],
    [/lock\.db cannot be locked/, (path) => writeFile(join(path, 'lock.db'), 'no database'.repeat(100))],
  ];
  for (const [message, break_] of faults) {
    await using made = await madeFolder();
    await break_(made.path);
    await assert.rejects(openDataFolder(made.path), invalid(message));
  }
});

const editDescription = async (path: string, change: object): Promise<void> => {
  const file = join(path, 'holdfast.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }));
};

const loseDescription = async (path: string): Promise<void> => {
  await writeFile(join(path, 'log.db'), '');
  await rm(join(path, 'holdfast.json'));
};

test('a folder used for something else is left alone', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'letter.txt'), 'Dear Ann');
  await assert.rejects(openDataFolder(folder.path), invalid(/holds letter\.txt but no holdfast\.json/));
  assert.deepEqual(await readdir(folder.path), ['letter.txt']);
  await assert.rejects(openDataFolder(join(folder.path, 'letter.txt')), invalid(/is not a folder/));
});

test('a folder that is not there is not made when it should only be opened', async () => {
  await using parent = await temporaryFolder();
  const path = join(parent.path, 'data');
  await assert.rejects(openDataFolder(path, { create: false }), { code: 'NotFound' });
  await mkdir(path);
  await assert.rejects(openDataFolder(path, { create: false }), { code: 'NotFound' });
  await assert.rejects(openDataFolder(path, { readOnly: true }), { code: 'NotFound' });
  assert.deepEqual(await readdir(path), []);
});

test('a key that is there and cannot be read is not replaced when a lost description would make new ones', async () => {
  await using made = await madeFolder();
  const [key, publicKey] = ['tree-heads.pem', 'tree-heads.public.pem'].map((name) =>
    join(made.path, 'keys', name),
  );
  const before = await readFile(publicKey!, 'utf8');
  await rm(join(made.path, 'holdfast.json'));
  await rm(key!);
  await symlink('tree-heads.pem', key!);
  await assert.rejects(openDataFolder(made.path), invalid(/tree-heads\.pem cannot be read \(ELOOP\)/));
  assert.ok((await lstat(key!)).isSymbolicLink());
  assert.equal(await readFile(publicKey!, 'utf8'), before);
});

test('a folder whose making a crash stopped is finished with the key it already had', async () => {
  await using made = await madeFolder();
  const key = await readFile(join(made.path, 'keys', 'tree-heads.pem'), 'utf8');
  await rm(join(made.path, 'holdfast.json'));
  await rm(join(made.path, 'keys', 'tree-heads.public.pem'));
  await using _folder = await openDataFolder(made.path);
  assert.equal(await readFile(join(made.path, 'keys', 'tree-heads.pem'), 'utf8'), key);
});

test('permissions that let others in are warned about', async () => {
  await using made = await madeFolder();
  await chmod(made.path, 0o755);
  await chmod(join(made.path, 'keys', 'tree-heads.pem'), 0o644);
  await using folder = await openDataFolder(made.path);
  assert.deepEqual(
    folder.warnings.map((warning) => warning.slice(warning.lastIndexOf('should'))),
    ['should be 0600.', 'should be 0700.'],
  );
});

test('a folder opened for reading only signs nothing, writes nothing and keeps writers out', async () => {
  await using made = await madeFolder();
  const before = (await readdir(made.path)).sort();
  await using folder = await openDataFolder(made.path, { readOnly: true });
  assert.equal(folder.readOnly, true);
  assert.throws(() => folder.signer.sign({ installation: folder.installation, signedAt: '', heads: [] }), {
    code: 'ReadOnly',
  });
  await assert.rejects(openDataFolder(made.path), { code: 'DataFolderLocked' });
  await using _another = await openDataFolder(made.path, { readOnly: true });
  assert.deepEqual((await readdir(made.path)).sort(), before);
});

const nobody = { uid: 65534, gid: 65534 };

/** Why no other account can run the tests' programs here, if so. */
const noOtherAccount = async (): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return 'only root can start a process of another account';
  const child = spawn(process.execPath, ['-e', `require('node:fs').accessSync(${JSON.stringify(script)})`], {
    ...nobody,
    stdio: 'ignore',
  });
  const ended: unknown[] = await Promise.race([once(child, 'exit'), once(child, 'error')]);
  return ended[0] === 0 ? undefined : 'another account cannot read this checkout';
};

test('an account that may only read opens the folder read-only and sees everything', async (t) => {
  const reason = await noOtherAccount();
  if (reason !== undefined) return t.skip(reason);
  await using made = await madeFolder();
  await chmod(join(made.path, '..'), 0o755);
  await chmod(made.path, 0o755);
  await chmod(join(made.path, 'keys'), 0o755);
  await chmod(join(made.path, 'holdfast.json'), 0o644);
  {
    await using folder = await openDataFolder(made.path);
    await using log = await openSqliteEventLog({
      path: folder.paths.log,
      partitions: folder.partitions,
      clock: systemClock,
    });
    await log.append('governance', [record('k', 'closed in order')]);
  }
  {
    await using reader = await startChild(made.path, 'hold', nobody);
    assert.deepEqual(reader.said, {
      held: true,
      pid: reader.pid,
      readOnly: true,
      read: ['closed in order'],
    });
  }
  await using writer = await startChild(made.path, 'append');
  {
    await using refused = await startChild(made.path, 'hold', nobody);
    assert.equal(refused.said.code, 'DataFolderLocked');
  }
  await writer.kill();
  await using reader = await startChild(made.path, 'hold', nobody);
  assert.deepEqual(reader.said.read, ['closed in order', 'left in the write-ahead log']);
});
