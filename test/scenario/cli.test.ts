import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { SearchAnswer } from '../../schemas/api/search.ts';
import { ServerAddress } from '../../schemas/config/data-folder.ts';
import { runHoldfast, startHoldfast } from '../support/run-holdfast.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const day = join(root, 'infra/samples/ubuntu-irc/2004-12-25.train-c.raw.txt');

describe('holdfast on the command line', () => {
  let folder: TemporaryFolder;
  let data: string;
  const run = (...words: string[]) => runHoldfast(['--data', data, ...words]);

  before(async () => {
    folder = await temporaryFolder();
    data = join(folder.path, 'data');
    const imported = await run('import', day);
    assert.equal(imported.code, 0, imported.err);
    assert.match(imported.out, /1 files, \d+ lines read = \d+ archived \+ 0 duplicate/);
  });
  after(() => folder[Symbol.asyncDispose]());

  test('search --json gives hits with highlights and a certificate', async () => {
    const { code, out } = await run('search', '"subversion gnome client"', '--json');
    assert.equal(code, 0);
    const answer = SearchAnswer.parse(JSON.parse(out));
    assert.equal(answer.total, 1);
    assert.deepEqual(
      answer.hits[0]?.highlights.map(({ part, length }) => [part, length]),
      [['body', 23]],
    );
    assert.equal(answer.certificate.pending, 0);
  });

  test('search --batch answers one JSON line a query and says by its exit code that one was refused', async () => {
    const { code, out } = await runHoldfast(
      ['--data', data, 'search', '--batch', '-', '--json'],
      'mplayer\n"open\nfrom:crimsun\n',
    );
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ query }) => query),
      ['mplayer', '"open', 'from:crimsun'],
    );
    assert(lines[0].total > 0 && lines[0].hits.length > 0 && lines[2].total > 0);
    assert.equal(lines[1].error.code, 'QueryRefused');
    assert.equal(code, 2);
  });

  test('a refused query is shown with a caret under the fault and a correction', async () => {
    const { code, err } = await run('search', 'alpha "open');
    assert.equal(code, 2);
    assert.match(err, /alpha "open\n {8}\^/);
    assert.match(err, /try: alpha "open"/);
  });

  test('show prints the conversation around an item', async () => {
    const { out } = await run('search', '"subversion gnome client"', '--json');
    const id = JSON.parse(out).hits[0].item.id;
    const shown = await run('show', id, '--context', '4');
    assert.match(shown.out, /> .*intinig/);
    assert.match(shown.out, /mplayer except for/);
  });

  test('coverage, quarantine and scope say where the archive stands', async () => {
    assert.match((await run('coverage')).out, /pending 0/);
    assert.match((await run('quarantine', 'list')).err, /0 quarantined/);
    assert.match((await run('scope')).out, /everyone is archived/);
  });

  test('scope set takes a list of users from a file', async () => {
    const users = join(folder.path, 'users.txt');
    await writeFile(users, '# traders\nann@contoso.example\nbob@contoso.example\n');
    assert.match((await run('scope', 'set', '--users', users)).out, /2 listed users/);
    assert.match((await run('scope', 'set', '--everyone')).out, /everyone is archived/);
    assert.equal((await run('scope', 'set')).code, 2);
  });

  test('verify and rebuild-index end well on a whole archive', async () => {
    assert.match((await run('rebuild-index')).out, /\d+ items from \d+ events/);
    const { code, out } = await run('verify');
    assert.equal(code, 0, out);
    assert.match(out, /verified: log, ledger, signed heads and index agree/);
  });

  test('verify without an index says that it is missing and what makes one', async () => {
    await rm(join(data, 'index.db'));
    const { code, err } = await run('verify');
    assert.equal(code, 1);
    assert.match(err, /There is no index at .*index\.db\.\n.*`holdfast rebuild-index`/);
    assert.doesNotMatch(err, /server log/);
    assert.equal((await run('rebuild-index')).code, 0);
    assert.equal((await run('verify')).code, 0);
  });

  test('wrong usage is exit code 2, says what was expected, and makes no data folder', async () => {
    const untouched = join(folder.path, 'untouched');
    const refused: readonly (readonly [RegExp, ...string[]])[] = [
      [/unknown command 'serch'/, 'serch', 'x'],
      [/expected a whole number from 0 to 500/, 'search', 'x', '--limit', 'many'],
      [/expected an IANA time zone/, 'show', 'x', '--time-zone', 'Mars/Olympus'],
      [/--everyone or --users/, 'scope', 'set'],
      [/cannot be read \(ENOENT\)/, 'scope', 'set', '--users', untouched],
      [/auto, irc, jsonl/, 'import', day, '--format', 'csv'],
      [/there is no such file/, 'import', join(folder.path, 'nothing-here')],
    ];
    const ran = await Promise.all(
      refused.map(([, ...words]) => runHoldfast(['--data', untouched, ...words])),
    );
    for (const [at, { code, err }] of ran.entries()) {
      assert.match(err, refused[at]?.[0] ?? /-/);
      assert.equal(code, err.includes('no such file') ? 1 : 2, err);
    }
    assert.equal(existsSync(untouched), false);
    const { code, err } = await runHoldfast(['--data', untouched, 'search', 'x']);
    assert.equal(code, 1);
    assert.match(err, /no data folder at .*\n.*Name one with --data, or make one with `holdfast import`/);
  });

  test('settings are checked and printed, a secret is not', async () => {
    const printed = await runHoldfast(['--data', data, '--check-config'], '', {
      HOLDFAST_TOKEN: 'sixteen characters of it',
      HOLDFAST_PORT: '9090',
    });
    assert.equal(printed.code, 0);
    assert.match(printed.out, /HOLDFAST_PORT=9090/);
    assert.match(printed.out, /HOLDFAST_TOKEN=\[secret\]/);
    const refused = await runHoldfast(['--check-config'], '', { HOLDFAST_PROT: '1', HOLDFAST_PORT: 'x' });
    assert.equal(refused.code, 2);
    assert.match(refused.err, /HOLDFAST_PROT: there is no such setting/);
    assert.match(refused.err, /HOLDFAST_PORT: expected a port number/);
  });

  test('a reader that goes away, as head does, ends a search quietly', async () => {
    const child = startHoldfast(['--data', data, 'search', 'a OR the', '--limit', '500', '--json']);
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    assert.equal(code, 130);
    assert.doesNotMatch(err, /EPIPE|at .*\.ts/);
  });

  test('a file named on the command line that was not imported is not taken for one that was', async () => {
    const readme = join(root, 'README.md');
    const { code, out } = await run('import', readme);
    assert.equal(code, 1);
    assert.match(
      out,
      /1 file not imported: neither an IRC day file, events as JSON Lines nor a Slack export/,
    );
  });

  test('an interrupted import ends with 130, and repeating it completes it', async () => {
    const other = join(folder.path, 'interrupted');
    const days = join(root, 'infra/samples/ubuntu-irc');
    const child = startHoldfast(['--data', other, 'import', days]);
    await until(() => existsSync(join(other, 'log.db-wal')));
    child.kill('SIGINT');
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    assert.equal(code, 130);
    assert.match(out, /stopped before the end; import the same again to continue/);
    const again = await runHoldfast(['--data', other, 'import', days]);
    assert.equal(again.code, 0);
    const counts = /(\d+) lines read = (\d+) archived \+ (\d+) duplicate \+ 0 conflict/.exec(again.out);
    assert(counts !== null && Number(counts[2]) + Number(counts[3]) === Number(counts[1]), again.out);
  });

  test('S33: one process holds every role, and a command beside it speaks to it', async () => {
    const server = startHoldfast(['--data', data, 'serve', '--port', '0']);
    const url = await served(server.stderr);
    const second = await run('serve', '--port', '0');
    assert.equal(second.code, 4);
    assert.match(second.err, new RegExp(`process ${server.pid}`));
    const beside = await run('search', 'mplayer', '--limit', '1');
    assert.equal(beside.code, 0);
    assert.match(beside.err, /using the server at http:\/\/127\.0\.0\.1:/);
    assert.equal((await runHoldfast(['--url', url, 'search', 'mplayer', '--limit', '1'])).code, 0);
    const withoutToken = await runHoldfast(['--url', url, 'quarantine', 'retry']);
    assert.equal(withoutToken.code, 1);
    assert.match(withoutToken.err, /HOLDFAST_TOKEN/);
    const { token } = ServerAddress.parse(JSON.parse(readFileSync(join(data, 'server.json'), 'utf8')));
    const withToken = await runHoldfast(['--url', url, 'quarantine', 'retry'], '', { HOLDFAST_TOKEN: token });
    assert.equal(withToken.code, 0, withToken.err);
    assert.equal((await run('verify')).code, 0);
    server.kill('SIGINT');
    assert.deepEqual(await once(server, 'exit'), [0, null]);
  });

  test('S34: a fresh start takes events and answers about them, with nothing installed beside it', async () => {
    const server = startHoldfast(['--data', join(folder.path, 'fresh'), 'serve', '--port', '0']);
    const url = await served(server.stderr);
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/'])
      assert.equal((await fetch(url + path)).status, 200, path);
    const event = readFileSync(join(root, 'test/fixtures/events-v1.jsonl'), 'utf8').split('\n')[0] ?? '';
    const appended = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/jsonl' },
      body: event,
    });
    assert.equal(appended.status, 200);
    server.kill('SIGINT');
    await once(server, 'exit');
  });
});

test('S16: the README lists what each edition needs', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, needs = ''] = readme.split('## Editions and what they need (S16)');
  for (const word of [
    'Standard Edition',
    'Enterprise Edition',
    'cores',
    'memory',
    'disk',
    'S4',
    'S33',
    'S34',
    'S64',
  ]) {
    assert(needs.includes(word), word);
  }
});

/** The URL a starting server announces, once it is ready; until then it refuses to search. */
const served = async (stream: NodeJS.ReadableStream): Promise<string> => {
  for await (const line of createInterface(stream)) {
    const url = /Holdfast serves (http:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    return url;
  }
  throw new Error('the server ended before it served');
};
