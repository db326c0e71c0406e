import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countsOf, noCounts } from '../support/import-folder.ts';
import { at, importExport, importMessages, ofType, said } from '../support/import-slack.ts';
import { MemoryImportSink } from '../support/memory-import-sink.ts';
import { slackMessage, slackUser } from '../support/slack-export.ts';

describe('a later export of the same workspace', () => {
  const first = slackMessage('U0BOB0002', at('09:00:00'), 'sell everything');
  const edited = (text: string, time: string) => ({
    ...first,
    text,
    edited: { user: 'U0BOB0002', ts: at(time) },
  });

  test('adds an edit as a version of the message and what is new, and nothing else', async () => {
    const { sink } = await importMessages([first]);
    const next = slackMessage('U0ANN0001', at('09:05:00'), 'too late');
    const { report } = await importMessages([edited('sell nothing', '09:01:00'), next], sink);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 2, archived: 2 });
    const [original, edit] = sink.events;
    assert.equal(edit?.type, 'holdfast.im.message.edited');
    assert.equal('item' in edit.data && edit.data.item, original?.id);
    assert.equal(edit.data.sentAt, '2024-03-01T09:01:00.000Z');
    const again = await importMessages([edited('sell nothing', '09:01:00'), next], sink);
    assert.deepEqual(countsOf(again.report), { ...noCounts, read: 2, duplicate: 2 });
    const third = await importMessages([edited('sell half', '09:02:00'), next], sink);
    assert.deepEqual(countsOf(third.report), { ...noCounts, read: 2, archived: 1, duplicate: 1 });
  });

  test('may come first: the original then completes it', async () => {
    const { sink } = await importMessages([edited('sell nothing', '09:01:00')]);
    const { report } = await importMessages([first], sink);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 1, archived: 1 });
    assert.equal('item' in sink.events[0]!.data && sink.events[0]!.data.item, sink.events[1]?.id);
  });

  test('replies, reactions and a thread that began since leave the message as it was', async () => {
    const { sink } = await importMessages([first]);
    const grown = {
      ...first,
      thread_ts: first.ts,
      reply_count: 1,
      latest_reply: at('10:00:00'),
      reactions: [{ name: 'eyes', users: ['U0ANN0001'], count: 1 }],
    };
    const { report } = await importMessages([grown], sink);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 2, archived: 1, duplicate: 1 });
    assert.equal(sink.events[1]?.type, 'holdfast.im.reaction.added');
  });

  test('in which it was deleted leaves what was said, marked as deleted', async () => {
    const { sink } = await importMessages([first]);
    const tombstone = {
      type: 'message',
      subtype: 'tombstone',
      user: 'USLACKBOT',
      ts: first.ts,
      text: 'gone',
    };
    const { report } = await importMessages([tombstone], sink);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 1, archived: 1 });
    const [original, deletion] = sink.events;
    assert.equal(deletion?.type, 'holdfast.im.message.deleted');
    assert.equal('item' in deletion.data && deletion.data.item, original?.id);
  });
});

test('a person renamed between two exports makes their earlier message a conflict, and nothing is lost', async () => {
  const message = slackMessage('U0BOB0002', at('09:00:00'), 'said once');
  const sink = new MemoryImportSink();
  const days = { 'general/2024-03-01.json': [message] };
  const channels = [{ id: 'C0GENERAL', name: 'general' }];
  await importExport(sink, { users: [slackUser('U0BOB0002', 'Bob Stone')], channels, days });
  const report = await importExport(sink, { users: [slackUser('U0BOB0002', 'Bob Rock')], channels, days });
  assert.deepEqual(countsOf(report), { ...noCounts, read: 1, conflict: 1 });
});

describe('a message', () => {
  test('only known edited is an edit whose original is not known; its files are told by themselves', async () => {
    const message = slackMessage('U0BOB0002', at('09:00:00'), 'new words', {
      edited: { user: 'U0BOB0002', ts: at('09:01:00') },
      files: [
        { id: 'F1', name: '계약서.docx', size: 7 },
        { id: 'F2', mode: 'tombstone' },
      ],
    });
    const { sink } = await importMessages([message]);
    assert.deepEqual(
      sink.events.map(({ type }) => type.slice('holdfast.im.'.length)),
      ['message.edited', 'file.shared', 'file.shared'],
    );
    assert.deepEqual(
      ofType(sink, 'file.shared').map(({ data }) => data.file),
      [{ name: '계약서.docx', sizeBytes: 7 }, { name: 'F2' }],
    );
  });

  test('with the log of its changes is told in every state', async () => {
    const ts = at('09:00:00');
    const before = slackMessage('U0BOB0002', ts, 'first words');
    const after = { ...before, text: 'second words', edited: { user: 'U0BOB0002', ts: at('09:01:00') } };
    const { sink } = await importMessages([
      {
        type: 'message',
        subtype: 'message_changed',
        ts: at('09:01:00'),
        message: after,
        previous_message: before,
      },
      {
        type: 'message',
        subtype: 'message_deleted',
        ts: at('09:02:00'),
        deleted_ts: ts,
        previous_message: after,
      },
    ]);
    assert.deepEqual(
      sink.events.map(({ type, data }) => [type.slice('holdfast.im.'.length), data.sentAt.slice(11, 19)]),
      [
        ['message.sent', '09:00:00'],
        ['message.edited', '09:01:00'],
        ['message.edited', '09:01:00'],
        ['message.deleted', '09:02:00'],
      ],
    );
    assert.equal(sink.events[1]?.id, sink.events[2]?.id);
  });

  test('that a channel and its thread both show is one', async () => {
    const reply = { thread_ts: at('08:00:00') };
    const { report } = await importMessages([
      slackMessage('U0BOB0002', at('09:00:00'), 'for all', { ...reply, subtype: 'thread_broadcast' }),
      slackMessage('U0BOB0002', at('09:00:00'), 'for all', reply),
    ]);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 2, archived: 1, duplicate: 1 });
  });

  test('of a kind that is not known, or without author, time or sense, is kept as it is', async () => {
    const good = slackMessage('U0BOB0002', at('09:00:00'), 'fine');
    const bad = [
      { ...good, subtype: 'holographic_call' },
      { ...good, user: undefined },
      { ...good, ts: undefined },
      { ...good, ts: 1_709_283_600 },
      { ...good, ts: 'yesterday' },
      { ...good, ts: { toString: 1 } },
      { ...good, text: 42 },
      { ...good, user: 'U 1\u0000' },
      { ...good, type: 'event' },
      { ...good, text: '\ud800' },
      { ...good, text: 'x'.repeat(300_000) },
      { type: 'message', subtype: 'message_changed', ts: at('09:00:00') },
      { type: 'message', subtype: 'message_deleted', ts: at('09:00:00') },
      { type: 'message', subtype: 'channel_join', ts: at('09:00:00') },
      'a string',
      null,
      [],
      { ...good, ts: '999999999999.000000' },
    ];
    const { sink, report } = await importMessages([...bad, good]);
    assert.deepEqual(countsOf(report), {
      ...noCounts,
      read: bad.length + 1,
      archived: 1,
      quarantined: bad.length,
    });
    assert.deepEqual(
      sink.unreadable.map(({ reason }) => reason.slice(0, 48)),
      [
        'a message of the unknown kind "holographic_call"',
        'a message without an author',
        'ts: expected string, received undefined',
        'ts: expected string, received number',
        'ts: expected a timestamp like 1355517523.000005 ',
        'ts: expected string, received object',
        'text: expected string, received number',
        'user: expected the id of a user or bot',
        'type: expected "message"',
        'data.body: expected well-formed Unicode without ',
        'data.body: expected string to have <=262144 char',
        'a change without the changed message',
        'a deletion of nothing',
        'a change of a conversation by nobody',
        'event: expected object, received string',
        'event: expected object, received null',
        'event: expected object, received array',
        'ts: expected a time before the year 10000',
      ],
    );
    for (const { unparsed } of sink.unreadable) assert.ok((unparsed?.data.bytes ?? '').length > 0);
  });

  test('with a reaction nobody could have given is told, and kept whole besides', async () => {
    const message = slackMessage('U0BOB0002', at('09:00:00'), 'fine', {
      reactions: [
        { name: 'x'.repeat(65), users: ['U0ANN0001'] },
        { name: 'ok', users: ['U0ANN0001', 'U0ANN0001'] },
      ],
    });
    const { report } = await importMessages([message]);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 3, archived: 2, quarantined: 1 });
  });

  test('with null, or with adornments of another form, is read', async () => {
    const message = slackMessage('U0BOB0002', at('09:00:00'), 'fine', {
      subtype: null,
      thread_ts: null,
      files: null,
      edited: null,
      username: 7,
      attachments: [{ title: 3, text: 'note', fields: 'none' }],
    });
    const { sink } = await importMessages([message]);
    assert.equal(said(sink, 'fine').data.body, 'fine\nnote');
  });
});
