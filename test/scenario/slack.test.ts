import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import type { Item } from '../../schemas/archive/item.ts';
import { runHoldfast, startHoldfast } from '../support/run-holdfast.ts';
import { slackMessage, slackTs, slackZip, workspace } from '../support/slack-export.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { zipOf } from '../support/zip-writer.ts';

const at = (time: string) => slackTs(`2024-03-01T${time}Z`);

describe('a Slack export on the command line', () => {
  let folder: TemporaryFolder;
  const path = (name: string): string => join(folder.path, name);
  const run = (...words: string[]) => runHoldfast(['--data', path('data'), ...words]);

  const itemsOf = async (query: string, ...options: string[]): Promise<Item[]> => {
    const { code, out, err } = await run('search', query, '--json', ...options);
    assert.equal(code, 0, err);
    return JSON.parse(out).hits.map(({ item }: { item: Item }) => item);
  };
  before(async () => {
    folder = await temporaryFolder();
    await writeFile(path('export.zip'), slackZip(workspace));
    const imported = await run('import', path('export.zip'));
    assert.equal(imported.code, 0, imported.err);
    assert.match(
      imported.out,
      /1 files, 32 lines read = 30 archived \+ 0 duplicate \+ 0 conflict \+ 0 refused \+ 2 quarantined/,
    );
    assert.match(imported.out, /2 files not imported: neither messages, people nor conversations/);
    assert.match(imported.out, /quarantined .*export\.zip\/general\/2024-03-03\.json:2: not valid JSON/);
  });
  after(() => folder[Symbol.asyncDispose]());

  test('is found by words in every script, by person and by conversation', async () => {
    const expected = {
      賣出: '今日賣出五千股 @민수',
      답장입니다: '첫 번째 답장입니다',
      'from:"陳大文"': '今日賣出五千股 @민수',
      'from:guest@auditors.example': 'may I see the ledger?',
      'from:"Ann Lee" kind:im event:message': 'just between us',
      'to:ann.lee@contoso.com agreed': 'agreed',
      'contract.pdf': 'the contract',
    };
    const queries = Object.keys(expected).join('\n');
    const { out } = await runHoldfast(
      ['--data', path('data'), 'search', '--batch', '-', '--json'],
      `${queries}\n`,
    );
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      answers.map(({ query, hits }) => [
        query,
        hits.map(({ item }: { item: Item }) => item.versions[0]?.body),
      ]),
      Object.entries(expected).map(([query, body]) => [query, [body]]),
    );
  });

  test('shows a thread in its order', async () => {
    const [reply] = await itemsOf('"second reply"');
    const [parent] = await itemsOf('morning');
    assert.equal(reply?.replyTo, parent?.id);
    const shown = await run('show', reply?.id ?? '', '--context', '10');
    const order = ['Morning @here', '첫 번째 답장입니다', 'second reply', 'the contract'];
    const places = order.map((words) => shown.out.indexOf(words));
    assert.ok(!places.includes(-1), shown.out);
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  });

  test('imported again archives nothing; a later one adds an edit as the second version', async () => {
    const again = await run('import', path('export.zip'));
    assert.match(again.out, /32 lines read = 0 archived \+ 32 duplicate \+ 0 conflict/);
    const trades = '交易-trades/2024-03-01.json';
    const [first, ...rest] = workspace.days[trades] as readonly object[];
    const edited = { ...first, text: '今日買入五千股', edited: { user: 'U0CHEN004', ts: at('02:30:00') } };
    const later = slackMessage('U0KIM0003', at('03:00:00'), 'one day more');
    await writeFile(
      path('later.zip'),
      slackZip({ ...workspace, days: { ...workspace.days, [trades]: [edited, ...rest, later] } }),
    );
    const imported = await run('import', path('later.zip'), '--format', 'slack', '--json');
    const { archived, conflict, duplicate } = JSON.parse(imported.out);
    assert.deepEqual({ archived, conflict, duplicate }, { archived: 2, conflict: 0, duplicate: 31 });
    const [item] = await itemsOf('賣出');
    assert.deepEqual(
      item?.versions.map(({ number, body }) => [number, body]),
      [
        [1, '今日賣出五千股 @민수'],
        [2, '今日買入五千股'],
      ],
    );
    assert.deepEqual(
      (await itemsOf('買入')).map(({ id }) => id),
      [item?.id],
    );
    assert.equal((await run('verify')).code, 0);
  });

  test('with a damaged day is imported but for that day, which the report and the exit code tell', async () => {
    const day = (text: string, time: string) => JSON.stringify([slackMessage('U1', at(time), text)]);
    const zip = zipOf([
      { name: 'channels.json', content: '[{"id":"C0DAMAGED","name":"damaged"}]' },
      { name: 'damaged/2024-03-01.json', content: day('readable part', '17:00:00') },
      { name: 'damaged/2024-03-02.json', content: day('lost part', '18:00:00'), crc32: 1 },
      { name: '../../escape/2024-03-02.json', content: day('evil part', '19:00:00') },
    ]);
    await writeFile(path('damaged.zip'), zip);
    const imported = await run('import', path('damaged.zip'));
    assert.equal(imported.code, 1);
    assert.match(imported.out, /1 file not imported: damaged: its checksum is another/);
    assert.match(imported.out, /1 file not imported: a path that leads out of the zip/);
    assert.match(imported.out, /2 of them should have been readable/);
    const found = await itemsOf('part');
    assert.deepEqual(
      found.map(({ versions }) => versions[0]?.body),
      ['readable part'],
    );
  });

  test('that is cut short or a bomb is refused with the reason', async () => {
    const bomb = { name: 'general/2024-03-01.json', content: '[]', sizeBytes: 900 * 1024 * 1024 };
    await writeFile(path('bomb.zip'), zipOf([{ name: 'channels.json', content: '[]' }, bomb]));
    await writeFile(path('cut.zip'), slackZip(workspace).subarray(0, 2_000));
    const refused = await run('import', path('bomb.zip'));
    assert.equal(refused.code, 1);
    assert.match(refused.err, /bomb\.zip: refused, for it unpacks to more than 200 times its size/);
    const cut = await run('import', path('cut.zip'));
    assert.equal(cut.code, 1);
    assert.match(cut.err, /cut\.zip: it is not a whole zip file/);
  });

  test('goes in through a running server as well', async () => {
    const data = path('served');
    const server = startHoldfast(['--data', data, 'serve', '--port', '0']);
    try {
      for await (const line of createInterface(server.stderr)) if (line.includes('Holdfast serves')) break;
      const imported = await runHoldfast(['--data', data, 'import', path('export.zip')]);
      assert.match(imported.out, /32 lines read = 30 archived/, imported.err);
      const found = await runHoldfast(['--data', data, 'search', '賣出', '--json']);
      assert.equal(JSON.parse(found.out).total, 1);
    } finally {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
  });
});
