import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { describeReport } from '../../services/cli/commands/import.ts';
import type { ImportOptions } from '../../services/importer/import-files.ts';
import { zipLimits } from '../../services/ports/source-files.ts';
import { countsOf, failsWith, folderWith, importInto, noCounts } from '../support/import-folder.ts';
import { MemoryImportSink } from '../support/memory-import-sink.ts';
import { slackMessage, slackTs } from '../support/slack-export.ts';
import { type ZipForm, type ZipPart, zipOf } from '../support/zip-writer.ts';

const at = (time: string) => slackTs(`2024-03-01T${time}Z`);
const day = (text: string, time = '09:00:00'): string =>
  JSON.stringify([slackMessage('U0BOB0002', at(time), text)]);

const channels: ZipPart = {
  name: 'channels.json',
  content: JSON.stringify([{ id: 'C0GENERAL', name: 'general' }]),
};
const good: ZipPart = { name: 'general/2024-03-01.json', content: day('good') };

const importBytes = async (bytes: Uint8Array, options: Partial<ImportOptions> = {}) => {
  const folder = await folderWith({ 'export.zip': bytes });
  const sink = new MemoryImportSink();
  const path = join(folder, 'export.zip');
  return { sink, path, report: await importInto(sink, [path], options) };
};

/** Imports an export with one good day and these parts. */
const importParts = (parts: readonly ZipPart[], form: ZipForm = {}) =>
  importBytes(zipOf([channels, good, ...parts], form));

const bodies = ({ events }: MemoryImportSink): string[] =>
  events.flatMap(({ data }) => ('body' in data ? [data.body] : []));

/** The parts of a report that tell what was left out, without the path of the zip. */
const leftOut = ({ path, report }: Awaited<ReturnType<typeof importBytes>>) => ({
  left: report.skippedFiles.map((file) => [file.path.slice(path.length + 1), file.reason]),
  lost: report.lostFiles,
});

describe('a zip', () => {
  test('is read stored, deflated, of zip64 and with names that do not say they are UTF-8', async () => {
    const trades: ZipPart = {
      name: '交易/2024-03-01.json',
      content: day('stored', '10:00:00'),
      method: 0,
      flags: 0,
    };
    for (const zip64 of [false, true]) {
      const imported = await importParts([trades], { zip64 });
      assert.deepEqual(bodies(imported.sink), ['good', 'stored']);
      assert.equal(imported.sink.events[1]?.data.conversation.name, '交易');
      assert.deepEqual(leftOut(imported), { left: [], lost: 0 });
      assert.equal(imported.report.files, 1);
    }
  });

  test('with names that lead elsewhere gives none of those entries, and says so', async () => {
    const named = (name: string | Uint8Array): ZipPart => ({ name, content: day('evil') });
    const names = [
      '../2024-03-01.json',
      'general/../../etc/2024-03-02.json',
      '/general/2024-03-02.json',
      'C:/general/2024-03-02.json',
      'general\\2024-03-02.json',
      '..\\..\\2024-03-02.json',
      'general/2024-03-02.json\u0000.txt',
      'general/\u001b[2J/2024-03-02.json',
      'general//2024-03-02.json',
      './general/2024-03-02.json',
      `${'x'.repeat(zipLimits.nameBytes)}/2024-03-02.json`,
      '',
    ];
    const imported = await importParts(names.map(named));
    assert.deepEqual(bodies(imported.sink), ['good']);
    assert.deepEqual(
      leftOut(imported).left.map(([, reason]) => reason),
      [
        'a path that leads out of the zip',
        'a path that leads out of the zip',
        'an absolute path',
        'an absolute path',
        'a backslash in its name',
        'a backslash in its name',
        'a control character in its name',
        'a control character in its name',
        'an empty part in its path',
        'an empty part in its path',
        'a name of more than 1024 bytes',
        'an entry without a name',
      ],
    );
    assert.equal(imported.report.lostFiles, names.length);
  });

  test('gives a name that stands twice once, and says so', async () => {
    const imported = await importParts([{ ...good, content: day('second') }]);
    assert.deepEqual(bodies(imported.sink), ['good']);
    assert.deepEqual(leftOut(imported), {
      left: [['general/2024-03-01.json', 'a second entry of the same name']],
      lost: 1,
    });
  });

  test('with entries that are encrypted, otherwise compressed or damaged gives the others, and says so', async () => {
    const named = (number: number, part: Partial<ZipPart>): ZipPart => ({
      name: `general/2024-03-0${number}.json`,
      content: day('never', '11:00:00'),
      ...part,
    });
    const garbage = Buffer.alloc(200, 0xff);
    const imported = await importParts([
      named(2, { flags: 0x801 }),
      named(3, { method: 14 }),
      named(4, { crc32: 1 }),
      named(5, { sizeBytes: 10 }),
      named(6, { sizeBytes: 10_000 }),
      { name: 'general/2024-03-09.json', content: day('last', '12:00:00') },
    ]);
    assert.deepEqual(bodies(imported.sink), ['good', 'last']);
    const { left, lost } = leftOut(imported);
    assert.deepEqual(
      left.map(([name, reason]) => [name, reason?.slice(0, 40)]),
      [
        ['general/2024-03-02.json', 'encrypted'],
        ['general/2024-03-03.json', 'compressed by method 14, expected deflat'],
        ['general/2024-03-04.json', 'damaged: its checksum is another'],
        ['general/2024-03-05.json', 'damaged: more than the 10 bytes it decla'],
        ['general/2024-03-06.json', 'damaged: only 153 of the 10000 bytes it '],
      ],
    );
    assert.equal(lost, 5);
    assert.ok(
      describeReport(imported.report).includes(
        '  5 of them should have been readable: messages may be missing',
      ),
    );
    const zip = zipOf([channels, good, named(7, { content: garbage, method: 0 })]);
    zip.writeUInt16LE(8, zip.indexOf(garbage) - 'general/2024-03-07.json'.length - 22);
    const broken = await importBytes(patchMethod(zip, 'general/2024-03-07.json'));
    assert.deepEqual(bodies(broken.sink), ['good']);
    assert.match(leftOut(broken).left[0]?.[1] ?? '', /^damaged: /);
  });

  test('that was cut short, or is none at all, fails before anything is appended', async () => {
    const whole = zipOf([channels, good]);
    for (const bytes of [whole.subarray(0, whole.length - 1), whole.subarray(0, 100), whole.subarray(0, 4)])
      await assert.rejects(importBytes(bytes), failsWith(/export\.zip: it is not a whole zip file/));
    const { report } = await importBytes(Buffer.from('no zip'), { format: 'slack' });
    assert.deepEqual(report.skippedFileReasons, { 'not a zip file, as a Slack export is': 1 });
  });

  test('whose directory holds more than it declares fails', async () => {
    const bytes = zipOf([channels, good], { entries: 1 });
    await assert.rejects(importBytes(bytes), failsWith(/holds more than the 1 entries it declares/));
  });

  test('of another kind is not imported', async () => {
    const { report } = await importBytes(zipOf([{ name: 'users.json', content: '[]' }]));
    assert.deepEqual(report.skippedFileReasons, { 'a zip file, but not a Slack export': 1 });
    const locked = await importBytes(zipOf([{ ...channels, flags: 0x801 }]));
    assert.deepEqual(locked.report.skippedFileReasons, {
      'a zip file, but not a Slack export; 1 of its entries cannot be read: encrypted': 1,
    });
    const inner = zipOf([channels, good]);
    const nested = await importBytes(zipOf([channels, { name: 'general/export.zip', content: inner }]));
    assert.deepEqual(bodies(nested.sink), []);
    assert.deepEqual(leftOut(nested).left, [
      ['general/export.zip', 'neither messages, people nor conversations'],
    ]);
  });

  test('whose users or channels are damaged or no list fails before anything is appended', async () => {
    const users = (part: Partial<ZipPart>): ZipPart => ({ name: 'users.json', content: '[]', ...part });
    for (const part of [{ crc32: 1 }, { content: '{"ok":false}' }, { content: '[{"id":"U1"},{"id"' }]) {
      const folder = await folderWith({ 'export.zip': zipOf([channels, good, users(part)]) });
      const sink = new MemoryImportSink();
      await assert.rejects(importInto(sink, [folder]), failsWith(/users\.json cannot be read .* nothing of/));
      assert.equal(sink.decoded.length, 0);
    }
    const { sink } = await importParts([users({ content: '' })]);
    assert.deepEqual(bodies(sink), ['good']);
  });
});

describe('a zip bomb', () => {
  test('that says what it unpacks to is refused before anything is unpacked', async () => {
    const bomb = (sizeBytes: number, count = 1): ZipPart[] =>
      Array.from({ length: count }, (_, index) => ({
        name: `general/2024-03-1${index}.json`,
        content: day('boom'),
        sizeBytes,
      }));
    await assert.rejects(
      importParts(bomb(zipLimits.entryBytes + 1)),
      failsWith(/refused.*an entry that unpacks to/),
    );
    await assert.rejects(
      importParts(bomb(zipLimits.ratioFromBytes / 4, 5)),
      failsWith(/refused.*200 times its size, like a zip bomb/),
    );
    const huge = bomb(2 ** 45);
    await assert.rejects(
      importBytes(zipOf([channels, ...huge], { zip64: true })),
      failsWith(/refused.*an entry that unpacks to 35184372088832 bytes/),
    );
  });

  test('that really unpacks to much is refused as well', async () => {
    const content = Buffer.alloc(zipLimits.ratioFromBytes + 1, ' ');
    await assert.rejects(
      importParts([{ name: 'general/2024-03-02.json', content }]),
      failsWith(/refused.*200 times its size/),
    );
  });

  test('that says it is small is stopped at what it says', async () => {
    const content = Buffer.alloc(64 * 1024 * 1024, ' ');
    const imported = await importParts([{ name: 'general/2024-03-02.json', content, sizeBytes: 100 }]);
    assert.deepEqual(bodies(imported.sink), ['good']);
    assert.match(leftOut(imported).left[0]?.[1] ?? '', /^damaged: more than the 100 bytes/);
  });

  test('of very many entries is refused', async () => {
    const names = Array.from({ length: 33_600 }, (_, index) => String(index).padStart(1_000, '0'));
    const bytes = zipOf([channels, ...names.map((name) => ({ name, content: '', method: 0 }))], {
      zip64: true,
    });
    await assert.rejects(importBytes(bytes), failsWith(/refused.*names of more than/));
  });

  test('of JSON nested without end is kept and followed by nobody', async () => {
    const deep = `[${'['.repeat(200_000)}`;
    const { report } = await importParts([{ name: 'general/2024-03-02.json', content: deep, method: 0 }]);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 2, archived: 1, quarantined: 1 });
  });
});

test('what a zip holds is not read beyond what is asked for', async () => {
  const content = Buffer.alloc(8 * 1024 * 1024, 'x');
  const folder = await folderWith({ 'a.zip': zipOf([{ name: 'big', content, method: 0 }]) });
  await using zip = await localSourceFiles.openZip(join(folder, 'a.zip'));
  const [entry] = zip.entries;
  assert.deepEqual(entry, { name: 'big', sizeBytes: content.length, compressedBytes: content.length });
  let read = 0;
  for await (const block of zip.read(entry!)) {
    read += block.length;
    if (read > 100_000) break;
  }
  assert.ok(read < content.length / 2, `${read} bytes`);
  assert.equal(await zip.findDamage(entry!), undefined);
});

/** Lets a stored entry claim to be deflated, in both places that say so. */
const patchMethod = (zip: Buffer, name: string): Buffer => {
  const directory = zip.lastIndexOf(name) - 46;
  zip.writeUInt16LE(8, directory + 10);
  return zip;
};
