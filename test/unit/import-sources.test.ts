import assert from 'node:assert/strict';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ImportOptions } from '../../services/importer/import-files.ts';
import { countsOf, failsWith, folderWith, importInto, ircLines, noCounts } from '../support/import-folder.ts';
import { MemoryImportSink } from '../support/memory-import-sink.ts';

describe('files', () => {
  test('a path that is not there or cannot be read fails before anything is appended', async () => {
    const folder = await folderWith({ '2004-12-25.txt': ircLines(1) });
    const sink = new MemoryImportSink();
    await assert.rejects(
      importInto(sink, [folder, join(folder, 'gone')]),
      failsWith(/gone: there is no such file/),
    );
    const notAFolder = join(folder, '2004-12-25.txt', 'x');
    await assert.rejects(importInto(sink, [folder, notAFolder]), failsWith(/it cannot be read \(ENOTDIR\)/));
    assert.equal(sink.decoded.length, 0);
  });

  test('an IRC file without a date in its name fails with the rule', async () => {
    const folder = await folderWith({ 'ubuntu.txt': ircLines(1) });
    const sink = new MemoryImportSink();
    await assert.rejects(importInto(sink, [folder]), failsWith(/must hold its date, like 2004-12-25.txt/));
    assert.equal(sink.decoded.length, 0);
  });

  test('a binary file is not read, whatever format is asked for', async () => {
    const binary = Buffer.concat([Buffer.from('[09:14] <a> x\n'), Buffer.alloc(10)]);
    const folder = await folderWith({
      '2004-12-25.txt': binary,
      '2004-12-26.txt': Buffer.from('\ufeff[09:14] <a> x', 'utf16le'),
    });
    const report = await importInto(new MemoryImportSink(), [folder], { format: 'irc' });
    assert.deepEqual(countsOf(report), { ...noCounts, read: 0 });
    assert.deepEqual(report.skippedFileReasons, {
      'binary: NUL bytes in its first block': 1,
      'UTF-16, expected UTF-8': 1,
    });
  });

  test('folders are read in the order of names, a file named twice once, a link to a folder not at all', async () => {
    const folder = await folderWith({
      'b/2004-12-26.txt': ircLines(1),
      'a/2004-12-27.txt': ircLines(1),
      '2004-12-25.txt': ircLines(1),
    });
    await symlink(folder, join(folder, 'circle'));
    await symlink(join(folder, '2004-12-25.txt'), join(folder, 'z-2004-12-24.txt'));
    const sink = new MemoryImportSink();
    const report = await importInto(sink, [folder, join(folder, '2004-12-25.txt')]);
    assert.deepEqual(
      sink.events.map(({ data }) => data.session.id),
      ['2004-12-25', '2004-12-27', '2004-12-26', '2004-12-24'],
    );
    assert.deepEqual(report.skippedFileReasons, { 'link to a folder': 1 });
  });

  test('the conversation is that of the joins, else the one given, else the folder', async () => {
    const joins = '[09:14] <a> x\n=== a [u@h]  has joined #Ubuntu\n';
    const folder = await folderWith({ '#Lobby/2004-12-25.txt': ircLines(1), '#Lobby/2004-12-26.txt': joins });
    const idsWith = async (options: Partial<ImportOptions>) => {
      const sink = new MemoryImportSink();
      await importInto(sink, [folder], options);
      return [...new Set(sink.events.map(({ data }) => data.conversation.id))];
    };
    assert.deepEqual(await idsWith({}), ['irc:#lobby', 'irc:#ubuntu']);
    assert.deepEqual(await idsWith({ conversation: '#Given' }), ['irc:#given', 'irc:#ubuntu']);
    await assert.rejects(idsWith({ conversation: 'x\u0000' }), failsWith(/cannot name a conversation/));
  });
});

describe('JSON Lines of events', () => {
  const frozen = new URL('../fixtures/events-v1.jsonl', import.meta.url);

  test('are appended as they are, with the import they came by', async () => {
    const text = await readFile(frozen, 'utf8');
    const folder = await folderWith({ 'events.jsonl': `\ufeff${text}\n`, 'events.log': text });
    const sink = new MemoryImportSink();
    const report = await importInto(sink, [folder]);
    assert.deepEqual(countsOf(report), {
      ...noCounts,
      read: 43,
      archived: 21,
      duplicate: 21,
      skipped: { 'blank line': 1 },
    });
    const expected = text
      .trimEnd()
      .split('\n')
      .map((line) => ({ ...JSON.parse(line), importid: 'import-1' }));
    assert.deepEqual(sink.events, expected);
  });

  test('the same id with other content is a conflict, not a duplicate', async () => {
    const [line] = (await readFile(frozen, 'utf8')).split('\n');
    const folder = await folderWith({
      'a.jsonl': `${line}\n${line!.replace('Budget', 'budget')}\n${line}\n`,
    });
    const report = await importInto(new MemoryImportSink(), [folder]);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 3, archived: 1, conflict: 1, duplicate: 1 });
  });

  test('what does not validate is quarantined with its bytes, and stops nothing', async () => {
    const good = (await readFile(frozen, 'utf8')).split('\n')[7]!;
    const deep = `{"specversion":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const bad: (string | Buffer)[] = [
      'not json',
      deep,
      good.replace('message.sent', 'message.shouted'),
      good.replace('"data":{', '"data":{"__proto__":{"x":1},'),
      good.replace('"schemaversion":1', '"schemaversion":2'),
      good.replace('Budget', '\\ud800'),
      good.replace(/"sentAt":"[^"]*"/, '"sentAt":"0000-01-01T00:00:00.000Z"'),
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      good.replace('see the draft', 'x'.repeat(300_000)),
      'y'.repeat(3 * 1024 * 1024),
      'null',
    ];
    const lines = [
      ...bad.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')])),
      Buffer.from(good),
    ];
    const folder = await folderWith({ 'bad.jsonl': Buffer.concat(lines) });
    const sink = new MemoryImportSink();
    const report = await importInto(sink, [folder]);
    assert.deepEqual(countsOf(report), {
      ...noCounts,
      read: bad.length + 1,
      archived: 1,
      quarantined: bad.length,
    });
    assert.deepEqual(
      report.quarantine.map(({ reason }) => reason.slice(0, 60)),
      [
        'not valid JSON',
        'expected at most 32 levels of nesting',
        'type: unknown event type "holdfast.im.message.shouted"',
        'data: unknown field "__proto__"',
        'schemaversion: expected 1',
        'a lone surrogate is not a character',
        'data.sentAt: expected a year from 0001 to 9999',
        'not valid UTF-8',
        'data.body: expected string to have <=262144 characters (and ',
        'an event of 3145728 bytes, expected at most 1048576; kept ar',
        'event: expected object, received null',
      ],
    );
    const kept = sink.unreadable.map(({ unparsed }) => Buffer.from(unparsed?.data.bytes ?? '', 'base64'));
    for (const [index, line] of bad.entries()) {
      assert.ok(kept[index]?.equals(Buffer.from(line).subarray(0, 512 * 1024)), `line ${index + 1}`);
    }
    const again = await importInto(sink, [folder]);
    assert.equal(again.duplicate, again.read);
  });

  test('a file is taken for events by its name or its first line', async () => {
    const [line] = (await readFile(frozen, 'utf8')).split('\n');
    const folder = await folderWith({
      'package.json': '{\n "name": "x"\n}\n',
      events: `\n${line}\n`,
      'rst.txt': 'Title\n=====\n',
    });
    const report = await importInto(new MemoryImportSink(), [folder]);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 2, archived: 1, skipped: { 'blank line': 1 } });
    assert.equal(report.skippedFiles.length, 2);
  });
});
