import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { SearchAnswer } from '../../schemas/api/search.ts';
import { runHoldfast, startHoldfast } from '../support/run-holdfast.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

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

  test('wrong usage is exit code 2 and says what was expected', async () => {
    assert.equal((await run('serch', 'x')).code, 2);
    assert.equal((await run('search', 'x', '--limit', 'many')).code, 2);
    assert.match((await run('search', 'x', '--limit', 'many')).err, /expected a whole number/);
    assert.equal((await run('import', join(folder.path, 'nothing-here'))).code, 1);
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

/** The URL a starting server announces. */
const served = async (stream: NodeJS.ReadableStream): Promise<string> => {
  for await (const line of createInterface(stream)) {
    const url = /Holdfast serves (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the server ended before it served');
};
