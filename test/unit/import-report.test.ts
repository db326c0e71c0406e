import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { listSamples } from '../../infra/list-samples.ts';
import { HoldfastError, isHoldfastError } from '../../services/core/errors.ts';
import type { ImportReport } from '../../services/importer/import-report.ts';
import { countsOf, folderWith, importInto, ircLines, noCounts } from '../support/import-folder.ts';
import { MemoryImportSink } from '../support/memory-import-sink.ts';

describe('real conversations', () => {
  const paths = listSamples().map(({ path }) => path);
  const ubuntu = paths.find((path) => path.includes('ubuntu-irc'));

  test('a day of #ubuntu has exactly the events its lines tell', async () => {
    const sink = new MemoryImportSink();
    const report = await importInto(sink, [join(ubuntu!, '2006-06-01.train-a.raw.txt')]);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 2165, archived: 2165 });
    const counts = Object.entries(
      Object.groupBy(sink.events, ({ type }) => type.slice('holdfast.im.'.length)),
    );
    assert.deepEqual(Object.fromEntries(counts.map(([type, events]) => [type, events?.length])), {
      'message.sent': 1721 + 21,
      'participant.joined': 290,
      'participant.left': 95,
      'participant.renamed': 8,
      'participant.removed': 1,
      'room.mode-changed': 22,
      'room.topic-changed': 7,
    });
    const actions = sink.events.filter(({ data }) => 'action' in data);
    assert.equal(actions.length, 21);
    assert.deepEqual(new Set(sink.events.map(({ data }) => data.conversation.id)), new Set(['irc:#ubuntu']));
    assert.deepEqual(new Set(sink.events.map(({ data }) => data.session.id)), new Set(['2006-06-01']));
    assert.equal(sink.events[0]?.data.sentAt, '2006-06-01T11:22:00.000Z');
    assert.equal(sink.events.at(-1)?.data.sentAt, '2006-06-01T12:59:00.000Z');
  });

  test('all samples import without a line that cannot be read, and again without a change', async () => {
    const sink = new MemoryImportSink();
    const first = await importInto(sink, paths);
    assert.deepEqual(countsOf(first), { ...noCounts, read: 7023, archived: 7023 });
    assert.equal(first.files, 7);
    const again = await importInto(sink, paths, { importId: 'import-2' });
    assert.deepEqual(countsOf(again), { ...noCounts, read: 7023, duplicate: 7023 });
    assert.equal(sink.decoded.length, 7023);
  });
});

describe('a report', () => {
  test('accounts for each line of a file once', async () => {
    const text = [
      '=== a [u@h]  has joined #Chan',
      '',
      '[09:14] <a> x\r',
      'what is this',
      '[09:15] <a> no line end',
    ].join('\n');
    const folder = await folderWith({ '2004-12-25.txt': text, 'notes.md': '# Notes\n', empty: '' });
    const sink = new MemoryImportSink();
    const report = await importInto(sink, [folder]);
    assert.deepEqual(countsOf(report), {
      ...noCounts,
      read: 5,
      archived: 3,
      quarantined: 1,
      skipped: { 'blank line': 1 },
    });
    assert.deepEqual(report.quarantine, [
      { path: join(folder, '2004-12-25.txt'), line: 4, reason: 'fits no form of an IRC line' },
    ]);
    assert.deepEqual(report.skippedFiles, [
      { path: join(folder, 'empty'), reason: 'empty file' },
      {
        path: join(folder, 'notes.md'),
        reason: 'neither an IRC day file, events as JSON Lines nor a Slack export',
      },
    ]);
    assert.equal(report.bytes, Buffer.byteLength(text));
    const bodies = sink.events.map(({ data }) => ('body' in data ? data.body : undefined));
    assert.deepEqual(bodies, [undefined, 'x', 'no line end']);
    assert.equal(sink.events[0]?.data.conversation.id, 'irc:#chan');
  });

  test('counts what was read before as duplicate, in a moved and grown file too', async () => {
    const sink = new MemoryImportSink();
    const first = await folderWith({ '#x/2004-12-25.txt': ircLines(700) });
    assert.equal((await importInto(sink, [first])).archived, 700);
    const moved = await folderWith({
      'deep/#x/2004-12-25.txt': `${ircLines(700)}what is this\n[10:00] <b> a: new\n`,
    });
    const second = await importInto(sink, [moved]);
    assert.deepEqual(countsOf(second), {
      ...noCounts,
      read: 702,
      archived: 1,
      duplicate: 700,
      quarantined: 1,
    });
    const third = await importInto(sink, [moved]);
    assert.deepEqual(countsOf(third), { ...noCounts, read: 702, duplicate: 702 });
  });

  test('shows progress that ends at the whole', async () => {
    const folder = await folderWith({ '2004-12-25.txt': ircLines(1200), '2004-12-26.txt': ircLines(10) });
    const seen: [number, number, number][] = [];
    await importInto(new MemoryImportSink(), [folder], {
      onProgress: ({ filesDone, bytesDone, bytesTotal, lines }) => {
        assert.ok(bytesDone <= bytesTotal);
        seen.push([filesDone, bytesDone / bytesTotal, lines]);
      },
    });
    assert.deepEqual(seen.at(-1), [2, 1, 1210]);
    assert.ok(seen.length > 3);
  });
});

describe('an import that does not reach its end', () => {
  test('finishes the batches sent when it is stopped, and continues when repeated', async () => {
    const folder = await folderWith({ '2004-12-25.txt': ircLines(5000) });
    const sink = new MemoryImportSink();
    const stop = new AbortController();
    sink.beforeAppend = (batch) => {
      if (batch === 3) stop.abort();
    };
    const report = await importInto(sink, [folder], { signal: stop.signal });
    assert.equal(report.interrupted, true);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 1500, archived: 1500 });
    assert.equal(report.files, 0);
    sink.beforeAppend = () => undefined;
    const rest = await importInto(sink, [folder]);
    assert.deepEqual(countsOf(rest), { ...noCounts, read: 5000, archived: 3500, duplicate: 1500 });
    const order = sink.events.map(({ data }) => data.origin?.line);
    assert.deepEqual(
      order,
      Array.from({ length: 5000 }, (_, index) => index + 1),
    );
  });

  test('tells what was done when the log fails', async () => {
    const folder = await folderWith({ '2004-12-25.txt': ircLines(2000) });
    const sink = new MemoryImportSink();
    sink.beforeAppend = (batch) => {
      if (batch === 3) throw new HoldfastError('LogFull');
    };
    await assert.rejects(importInto(sink, [folder]), (error) => {
      assert.ok(isHoldfastError(error, 'LogFull'));
      const report = error.details.report as ImportReport;
      assert.deepEqual(countsOf(report), { ...noCounts, read: 1000, archived: 1000 });
      return true;
    });
  });

  test('awaits the outcomes of at most three batches', async () => {
    const folder = await folderWith({ '2004-12-25.txt': ircLines(5000) });
    const sink = new MemoryImportSink();
    const outcomes = sink.outcomes.bind(sink);
    const release: (() => void)[] = [];
    let most = 0;
    // Nothing is released before three are awaited, and then the oldest: fewer would never end, more would show.
    sink.outcomes = async (positions) => {
      const turn = Promise.withResolvers<void>();
      release.push(turn.resolve);
      most = Math.max(most, release.length);
      if (release.length === 3 || sink.batches === 10) release.splice(0).map((resolve) => resolve());
      await turn.promise;
      return outcomes(positions);
    };
    assert.equal((await importInto(sink, [folder])).archived, 5000);
    assert.equal(most, 3);
  });
});
