import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SearchAnswer } from '../../schemas/api/search.ts';
import { needsEngines } from '../support/engines.ts';
import { type EnterpriseInstallation, makeEnterprise } from '../support/enterprise-installation.ts';
import { messageSent } from '../support/im-events.ts';
import { type RoleProcess, startRoles } from '../support/role-process.ts';
import { type Ran, runHoldfast } from '../support/run-holdfast.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/** Words for people, and no trace of the program. */
const assertSpoken = ({ out, err }: Ran): void =>
  assert.doesNotMatch(out + err, /\n\s+at |file:\/\/|\[object|undefined/);

describe('holdfast init', { concurrency: 2 }, () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder[Symbol.asyncDispose]());
  const init = (name: string, ...words: string[]) =>
    runHoldfast(['init', '--config', join(folder.path, name), ...words]);
  const addresses = [
    '--kafka',
    'k-1:9092,k-2:9092',
    '--kafka',
    'k-3:9092',
    '--elasticsearch',
    'http://e-1:9200',
  ];

  test('makes a configuration, keys and a token that only its owner can read, once', async () => {
    const made = await init('one/enterprise.json', ...addresses);
    assert.equal(made.code, 0, made.err);
    const [, installation = ''] = /^installation ([0-9a-f]{32})\n$/.exec(made.out) ?? [];
    assert.match(
      made.err,
      /Keep a copy of keys\/.*\n.*holdfast doctor --config .*\n.*holdfast serve --edition enterprise/,
    );
    const here = join(folder.path, 'one');
    assert.deepEqual((await readdir(here)).sort(), ['enterprise.json', 'keys', 'token']);
    assert.deepEqual(JSON.parse(await readFile(join(here, 'enterprise.json'), 'utf8')), {
      installation,
      profile: 'production',
      kafka: { brokers: ['k-1:9092', 'k-2:9092', 'k-3:9092'] },
      elasticsearch: { nodes: ['http://e-1:9200'] },
    });
    for (const secret of ['token', 'keys/tree-heads.pem'])
      assert.equal((await stat(join(here, secret))).mode & 0o077, 0);
    const token = await readFile(join(here, 'token'), 'utf8');
    assert.doesNotMatch(made.out + made.err, new RegExp(token.trim()));
    const again = await init('one/other.json', ...addresses);
    assert.equal(again.code, 2);
    assert.match(again.err, /keys exists already/);
    assert.equal(await readFile(join(here, 'token'), 'utf8'), token);
    assertSpoken(again);
  });

  test('refuses what it does not understand and makes nothing', async () => {
    const refused: readonly (readonly [RegExp, readonly string[]])[] = [
      [/required option '--kafka/, ['--elasticsearch', 'http://e:9200']],
      [/kafka\.brokers\.0: expected host:port/, ['--kafka', 'nonsense', '--elasticsearch', 'http://e:9200']],
      [/elasticsearch\.nodes\.0: expected an http/, ['--kafka', 'k:9092', '--elasticsearch', 'e:9200']],
      [
        /no name and password in the URL/,
        ['--kafka', 'k:9092', '--elasticsearch', 'http://a:hunter2@e:9200'],
      ],
      [/production, development/, [...addresses, '--profile', 'careless']],
    ];
    const ran = await Promise.all(refused.map(([, words]) => init('two/enterprise.json', ...words)));
    for (const [at, result] of ran.entries()) {
      assert.match(result.err, refused[at]?.[0] ?? /-/);
      assert.doesNotMatch(result.err, /hunter2/);
      assert.equal(result.code, 2, result.err);
      assertSpoken(result);
    }
    assert.equal(existsSync(join(folder.path, 'two')), false);
    const nowhere = await runHoldfast(['init', ...addresses]);
    assert.deepEqual([nowhere.code, /needs --config FILE/.test(nowhere.err)], [2, true]);
  });
});

test('wrong usage of serve and doctor is exit code 2 and says what was expected', async () => {
  await using folder = await temporaryFolder();
  const missing = join(folder.path, 'missing.json');
  const broken = join(folder.path, 'broken.json');
  await writeFile(broken, '{"token": "hunter2-hunter2",');
  const data = join(folder.path, 'data');
  const refused: readonly (readonly [RegExp, readonly string[]])[] = [
    [/--edition enterprise needs --config FILE; `holdfast init`/, ['serve', '--edition', 'enterprise']],
    [/--role is for the Enterprise Edition/, ['--data', data, 'serve', '--role', 'archiver']],
    [/standard, enterprise/, ['serve', '--edition', 'other']],
    [/missing\.json cannot be read \(ENOENT\).*holdfast init/, ['serve', '--config', missing]],
    [
      /broken\.json is not JSON/,
      ['serve', '--edition', 'enterprise', '--config', broken, '--role', 'archiver'],
    ],
    [/broken\.json is not JSON/, ['search', 'x', '--config', broken]],
    [/doctor needs --config FILE/, ['doctor']],
  ];
  const ran = await Promise.all(refused.map(([, words]) => runHoldfast(words)));
  for (const [at, result] of ran.entries()) {
    assert.match(result.err, refused[at]?.[0] ?? /-/);
    assert.doesNotMatch(result.err, /hunter2/);
    assert.equal(result.code, 2, result.err);
    assertSpoken(result);
  }
  const examined = await runHoldfast(['doctor', '--config', broken]);
  assert.equal(examined.code, 1);
  assert.match(examined.out, /^FAULT {4}configuration: .*is not JSON.*\n\s+→ Correct/);
  assert.match(examined.err, /One thing must be put right/);
  assert.equal(existsSync(data), false);
});

describe('the command line on an installation of the Enterprise Edition', { skip: needsEngines }, () => {
  let installation: EnterpriseInstallation;
  let serving: RoleProcess;
  const run = (...words: string[]) => runHoldfast(['--config', installation.path, ...words]);

  before(async () => {
    installation = await makeEnterprise({ partitions: 2 });
  });
  after(async () => {
    await serving[Symbol.asyncDispose]();
    await installation[Symbol.asyncDispose]();
  });

  test('doctor before the first start: nothing to put right', async () => {
    const [plain, json] = await Promise.all([run('doctor'), run('doctor', '--json')]);
    assert.equal(plain.code, 0, plain.out);
    assert.match(
      plain.out,
      /^ok {7}configuration: installation [0-9a-f]{32}, profile development, 2 partitions/,
    );
    assert.match(plain.out, /→ The first `holdfast serve` makes them/);
    const findings = json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(findings.length > 5 && findings.every(({ state }) => state !== 'fault'));
    assertSpoken(plain);
  });

  test('engines that are away: serve ends with 1, doctor with 1 and what to do', async () => {
    const away = join(installation.path, '..', 'away.json');
    const config = JSON.parse(await readFile(installation.path, 'utf8'));
    await writeFile(
      away,
      JSON.stringify({
        ...config,
        state: 'away',
        kafka: { brokers: ['127.0.0.1:1'] },
        elasticsearch: { nodes: ['http://127.0.0.1:1'] },
      }),
    );
    const [served, searched, examined] = await Promise.all([
      runHoldfast(['serve', '--config', away, '--port', '0']),
      runHoldfast(['--config', away, 'search', 'x']),
      runHoldfast(['doctor', '--config', away]),
    ]);
    for (const result of [served, searched]) {
      assert.equal(result.code, 1);
      assert.match(
        result.err,
        /holdfast: The event log cannot be reached\. Kafka at 127\.0\.0\.1:1.*Check the brokers' addresses/,
      );
      assertSpoken(result);
    }
    assert.equal(examined.code, 1);
    assert.match(examined.out, /FAULT {4}Kafka: .*\n\s+→ Start the brokers/);
    assert.match(examined.out, /FAULT {4}Elasticsearch: .*\n\s+→ Start the nodes/);
    assert.match(examined.err, /2 things must be put right/);
  });

  test('a role that does not exist is refused before anything is made', async () => {
    const refused = await run('serve', '--role', 'archiver', '--role', 'nonsense');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /There is no role "nonsense": expected archiver, search-api, signer/);
    assertSpoken(refused);
    assert.equal(existsSync(installation.settings.stateFolder), false);
  });

  test('import, search, show, quarantine, scope, verify and rebuild-index work beside processes that serve', async () => {
    serving = await startRoles(installation);
    const lines = Array.from({ length: 30 }, (_, n) =>
      JSON.stringify(messageSent({ id: `e${n}`, body: `harbour ${n}`, conversation: `room-${n % 5}` })),
    );
    const file = join(installation.path, '..', 'events.jsonl');
    await writeFile(file, `${lines.join('\n')}\nnot an event\n`);
    const imported = await run('import', file, '--format', 'jsonl');
    assert.equal(imported.code, 0, imported.err);
    assert.match(imported.out, /31 lines read = 30 archived .*1 quarantined/);
    const searched = await run('search', 'harbour', '--json', '--limit', '3');
    assert.equal(searched.code, 0, searched.err);
    const answer = SearchAnswer.parse(JSON.parse(searched.out));
    assert.deepEqual([answer.total, answer.certificate.pending, answer.hits.length], [30, 0, 3]);
    const [shown, listed, scope, covered] = await Promise.all([
      run('show', answer.hits[0]!.item.id),
      run('quarantine', 'list'),
      run('scope'),
      run('coverage'),
    ]);
    assert.match(shown.out, /harbour/);
    assert.match(`${listed.out}${listed.err}`, /\d\/\d+ .*\n1 quarantined/);
    assert.match(scope.out, /everyone is archived/);
    assert.match(covered.out, /pending 0/);
    const rebuilt = await run('rebuild-index');
    assert.equal(rebuilt.code, 0, rebuilt.err);
    assert.match(rebuilt.out, /30 items from 31 events/);
    const verified = await run('verify');
    assert.equal(verified.code, 0, verified.out + verified.err);
    assert.match(verified.out, /verified: log, ledger, signed heads and index agree/);
    assert.equal((await run('doctor')).code, 0);
  });

  test('HOLDFAST_CONFIG names it as well, and a refused query is exit code 2', async () => {
    const settings = { HOLDFAST_CONFIG: installation.path };
    const searched = await runHoldfast(['search', 'harbour', '--limit', '1'], '', settings);
    assert.equal(searched.code, 0, searched.err);
    const refused = await runHoldfast(['search', '"open'], '', settings);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /\^/);
  });

  test('a second process serves beside the first, and both end with Ctrl-C', async () => {
    const second = await startRoles(installation, 'search-api');
    assert.notEqual(second.url, serving.url);
    assert.equal((await fetch(`${second.url}/healthz`)).status, 200);
    second.process.kill('SIGINT');
    assert.deepEqual(await once(second.process, 'exit'), [0, null]);
  });
});
