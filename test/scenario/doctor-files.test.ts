import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { takeStateSlot } from '../../services/adapters/files/state-slot.ts';
import { openEnterprise, roles } from '../../services/enterprise/compose.ts';
import { assertExplained, findingsOf, refusalOf, variantOf } from '../support/doctor.ts';
import { needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const secret = 'hunter2-hunter2-hunter2';

const valid = {
  installation: '0123456789abcdef0123456789abcdef',
  kafka: { brokers: ['127.0.0.1:1'] },
  elasticsearch: { nodes: ['http://127.0.0.1:1'] },
};

/** Everything a configuration of this text is told, by start and by doctor. */
const toldOf = async (text: string, files: Readonly<Record<string, string>> = {}): Promise<string> => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'enterprise.json');
  await writeFile(path, text);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
  const refusal = await refusalOf(path);
  assert.equal(refusal.code, 'InvalidConfig');
  const findings = await findingsOf(path);
  assert.equal(findings.length, 1);
  assert.deepEqual([findings[0]?.area, findings[0]?.state], ['configuration', 'fault']);
  assert.ok((findings[0]?.fix ?? '').length > 10);
  assert.ok(refusal.message.endsWith(findings[0]?.found ?? '-'));
  assert.doesNotMatch(
    JSON.stringify([refusal, refusal.message, refusal.cause, findings]),
    /hunter2/,
    'a secret is told',
  );
  return refusal.message;
};

describe('configurations that cannot be used', () => {
  test('a file that is not there', async () => {
    const told = await refusalOf('/nowhere/enterprise.json');
    assert.match(told.message, /enterprise\.json cannot be read \(ENOENT\).*holdfast init/);
    assert.match((await findingsOf('/nowhere/enterprise.json'))[0]?.found ?? '', /ENOENT/);
  });

  test('a folder, or nothing, in its place', async () => {
    await using folder = await temporaryFolder();
    assert.match((await refusalOf(folder.path)).message, /cannot be read \(EISDIR\)/);
    assert.match(await toldOf(''), /is not JSON/);
  });

  test('what is no JSON is named by line and column, and not quoted', async () => {
    const text = `{\n  "kafka": { "password": "${secret}", },\n  "token": ${secret}\n}`;
    assert.match(await toldOf(text), /is not JSON: see line 2, column 53/);
    assert.match(await toldOf(secret), /is not JSON/);
    assert.match(await toldOf(`"${secret}"`), /the file: .*expected object/);
  });

  test('all faults of the file at once, by name and never by value', async () => {
    const told = await toldOf(
      JSON.stringify({
        installation: secret,
        profile: secret,
        partitions: 0,
        kafka: {
          brokers: [secret, '127.0.0.1:99999'],
          password: secret,
          tls: { certFile: 'a.crt' },
          sasl: { mechanism: secret, username: '', passwordFile: 'password' },
        },
        elasticsearch: { nodes: [`https://elastic:${secret}@127.0.0.1:9200`], username: 'elastic' },
        server: { port: 70_000 },
        timeZone: 'Mars/Olympus',
        extra: secret,
      }),
    );
    for (const part of [
      /installation: expected 32 hexadecimal digits/,
      /profile: .*"production"\|"development"/,
      /partitions: /,
      /kafka\.brokers\.0: expected host:port/,
      /kafka\.brokers\.1: expected a port up to 65535/,
      /kafka: Unrecognized key: "password"/,
      /kafka\.tls: expected certFile with keyFile/,
      /kafka\.sasl\.mechanism: /,
      /kafka\.sasl\.username: /,
      /elasticsearch: expected apiKeyFile/,
      /elasticsearch\.nodes\.0: expected no name and password in the URL/,
      /server\.port: /,
      /timeZone: expected an IANA time zone/,
      /Unrecognized key: "extra"/,
    ])
      assert.match(told, part);
    const mixed = {
      ...valid,
      elasticsearch: { ...valid.elasticsearch, apiKeyFile: 'key', username: 'elastic' },
    };
    assert.match(
      await toldOf(JSON.stringify(mixed)),
      /expected apiKeyFile, or username with passwordFile, or neither/,
    );
  });

  test('all files it names at once: missing, empty, too short', async () => {
    const told = await toldOf(
      JSON.stringify({
        ...valid,
        kafka: {
          ...valid.kafka,
          tls: { caFile: 'ca.pem', certFile: 'empty', keyFile: '.' },
          sasl: { mechanism: 'plain', username: 'u', passwordFile: 'no-password' },
        },
        elasticsearch: { ...valid.elasticsearch, apiKeyFile: 'no-key' },
      }),
      { empty: '\n', token: 'hunter2' },
    );
    for (const part of [
      /kafka\.tls\.caFile: .*ca\.pem cannot be read \(ENOENT\)/,
      /kafka\.tls\.certFile: .*empty is empty/,
      /kafka\.tls\.keyFile: .* cannot be read \(EISDIR\)/,
      /kafka\.sasl\.passwordFile: .*no-password cannot be read/,
      /elasticsearch\.apiKeyFile: .*no-key cannot be read/,
      /server\.tokenFile: the token has fewer than 16 characters/,
    ])
      assert.match(told, part);
    assert.match(await toldOf(JSON.stringify(valid)), /server\.tokenFile: .*token cannot be read \(ENOENT\)/);
    assert.match(
      await toldOf(JSON.stringify(valid), { token: ' \n' }),
      /server\.tokenFile: .*token is empty/,
    );
  });
});

describe('keys and state that cannot be used: start refuses, doctor explains', { skip: needsEngines }, () => {
  let installation: EnterpriseInstallation;
  before(async () => {
    installation = await makeEnterprise({ partitions: 1 });
  });
  after(() => installation[Symbol.asyncDispose]());

  const keyFile = (name: string) => join(dirname(installation.path), 'keys', name);

  /** The file of a key, changed while it is looked at. */
  const withKey = async (
    name: string,
    change: (path: string) => Promise<unknown>,
    look: () => Promise<unknown>,
  ) => {
    const path = keyFile(name);
    await copyFile(path, `${path}.kept`);
    try {
      await change(path);
      await look();
    } finally {
      await rm(path, { force: true, recursive: true });
      await rename(`${path}.kept`, path);
    }
  };

  test('keys that are missing, damaged, of another kind or pair, or no files', async () => {
    const explained = (says: RegExp) => () => assertExplained(installation.path, says, 'keys');
    const remove = (path: string) => rm(path);
    await withKey('tree-heads.public.pem', remove, explained(/tree-heads\.public\.pem is missing/));
    for (const name of ['tree-heads.public.pem', 'tree-heads.pem'])
      await withKey(name, (path) => writeFile(path, 'garbage'), explained(/is damaged; expected a PEM key/));
    await withKey(
      'tree-heads.pem',
      async (path) => {
        await rm(path);
        await mkdir(path);
      },
      explained(/tree-heads\.pem cannot be read/),
    );
    await using other = await makeEnterprise();
    const foreign = join(dirname(other.path), 'keys/tree-heads.pem');
    await withKey('tree-heads.pem', (path) => copyFile(foreign, path), explained(/is not the public key of/));
  });

  test('without the private key a machine is fit for everything but signing', () =>
    withKey(
      'tree-heads.pem',
      (path) => rm(path),
      async () => {
        assert.match((await refusalOf(installation.path)).message, /tree-heads\.pem is missing/);
        const found = (await findingsOf(installation.path)).find(({ area }) => area === 'keys');
        assert.deepEqual([found?.state, /cannot be the signer/.test(found?.found ?? '')], ['ok', true]);
        await using edition = await openEnterprise(installation.settings, {
          roles: ['archiver', 'search-api'],
          notice: () => undefined,
        });
        await edition.settled();
      },
    ));

  test('a private key that others may read is a warning', async () => {
    await chmod(keyFile('tree-heads.pem'), 0o644);
    const found = (await findingsOf(installation.path)).find(({ area }) => area === 'keys');
    await chmod(keyFile('tree-heads.pem'), 0o600);
    assert.equal(found?.state, 'warning');
    assert.match(`${found?.found} ${found?.fix}`, /mode should be 0600.*chmod 600/);
  });

  test('a state folder that is a file, or below one', async () => {
    for (const state of ['token', 'token/state'])
      await assertExplained(
        await variantOf(installation.path, () => ({ state })),
        /state: .*expected a folder that this process may write/,
        'disk',
      );
  });

  test('a state folder whose lock cannot be opened', async () => {
    const state = join(dirname(installation.path), 'odd-state');
    await mkdir(join(state, '1', 'lock.db'), { recursive: true });
    const path = await variantOf(installation.path, () => ({ state }));
    await assertExplained(path, /state: .*expected a folder that this process may write/, 'disk');
  });

  test('a state folder of which other processes hold all', async () => {
    await using held = new AsyncDisposableStack();
    const state = join(dirname(installation.path), 'full-state');
    for (let n = 0; n < 64; n++) held.use(await takeStateSlot(state));
    const path = await variantOf(installation.path, () => ({ state }));
    await assertExplained(path, /all 64 folders of .* are held by other processes/, 'disk');
  });

  test('after all of that it starts, with the state it had', async () => {
    {
      await using edition = await openEnterprise(installation.settings, { roles, notice: () => undefined });
      await edition.settled();
    }
    const state = installation.settings.stateFolder;
    assert.deepEqual(await readdir(state), ['1']);
    assert.ok((await stat(join(state, '1/ledger-view.db'))).size > 0);
    assert.ok((await readFile(keyFile('tree-heads.pem'))).length > 0);
    assert.deepEqual(
      (await findingsOf(installation.path)).filter(({ state: is }) => is === 'fault'),
      [],
    );
  });
});
