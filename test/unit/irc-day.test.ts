import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { decodeEvent } from '../../services/core/conversation/decode-event.ts';
import { IrcDay, maxIrcLineBytes } from '../../services/importer/irc/irc-day.ts';
import { createNonces } from '../../services/importer/nonces.ts';
import type { SourceLine } from '../../services/importer/split-lines.ts';
import { ircConversation } from '../support/irc-conversation.ts';

const openDay = (container = '2004-12-25.txt', conversation = ircConversation('#ubuntu')) =>
  new IrcDay({
    container,
    date: '2004-12-25',
    conversation,
    importId: 'import-1',
    clock: new MemoryClock(new Date('2026-02-03T04:05:06.007Z')),
    nextNonce: createNonces(new SeededRandom('irc')),
  });

const toLine = (text: string | Uint8Array, number: number): SourceLine => ({
  number,
  bytes: typeof text === 'string' ? Buffer.from(text) : text,
});

const readDay = (lines: readonly (string | Uint8Array)[], day = openDay()) =>
  lines.map((text, index) => {
    const record = day.record(toLine(text, index + 1));
    assert.equal(record.kind, 'append');
    assert.ok(record.kind === 'append');
    const decoded = decodeEvent(record.value);
    if (decoded.ok) assert.equal(decoded.contentHash, record.contentHash);
    assert.equal(decoded.ok ? decoded.event.id : decoded.eventId, record.id);
    return decoded;
  });

const readEvents = (lines: readonly string[], day = openDay()) =>
  readDay(lines, day).map((decoded) => {
    assert.ok(decoded.ok, decoded.ok ? '' : decoded.reason);
    return decoded.event;
  });

describe('events of a day file', () => {
  test('a message has everything the schema wants', () => {
    const [event] = readEvents(['[09:14] <Crimsun> hello']);
    assert.equal(event?.type, 'holdfast.im.message.sent');
    assert.deepEqual(
      { ...event, id: undefined },
      {
        specversion: '1.0',
        id: undefined,
        source: 'urn:holdfast:importer:irc',
        type: 'holdfast.im.message.sent',
        schemaversion: 1,
        importid: 'import-1',
        data: {
          nonce: event?.data.nonce,
          sentAt: '2004-12-25T09:14:00.000Z',
          acceptedAt: '2026-02-03T04:05:06.007Z',
          conversation: { id: 'irc:#ubuntu', kind: 'room', name: '#ubuntu' },
          session: { id: '2004-12-25' },
          actor: { id: 'irc:crimsun', address: 'Crimsun', class: 'anonymous' },
          roster: {
            members: [{ id: 'irc:crimsun', address: 'Crimsun', class: 'anonymous' }],
            complete: false,
          },
          origin: { source: 'irc', container: '2004-12-25.txt', line: 1 },
          body: 'hello',
        },
      },
    );
  });

  test('times go back as the file does, and lines without one take the last', () => {
    const events = readEvents([
      '=== a [u@h]  has joined #ubuntu',
      '[23:50] <a> x',
      '=== a waves',
      '[01:02] <a> y',
      '=== a [u@h]  has left #ubuntu []',
    ]);
    assert.deepEqual(
      events.map(({ data }) => data.sentAt.slice(11, 16)),
      ['00:00', '23:50', '23:50', '01:02', '01:02'],
    );
  });

  test('every form becomes the event it is', () => {
    const events = readEvents([
      '[09:00] <a> x',
      '[09:00]  * a waves',
      '[09:00] -a:#ubuntu- note',
      '=== a grins',
      '=== b [u@h]  has joined #ubuntu',
      '=== b [u@h]  has left #ubuntu ["bye"]',
      '=== a is now known as c',
      '=== b was kicked off #ubuntu by c (flood)',
      '=== Topic for #ubuntu: old',
      '=== Topic (#ubuntu): set by c at Mon Dec  4 07:27:08 2006',
      '=== c changed the topic of #ubuntu to: new',
      '=== mode/#ubuntu [+o c]  by ChanServ',
    ]);
    assert.deepEqual(
      events.map(({ type }) => type.slice('holdfast.im.'.length)),
      [
        ...Array(4).fill('message.sent'),
        'participant.joined',
        'participant.left',
        'participant.renamed',
        'participant.removed',
        ...Array(3).fill('room.topic-changed'),
        'room.mode-changed',
      ],
    );
    const told = events.map(({ data }) => ('topic' in data ? [data.actor.address, data.topic] : []));
    assert.deepEqual(told.slice(8, 11), [
      ['#ubuntu', 'old'],
      ['c', 'old'],
      ['c', 'new'],
    ]);
    const removed = events[7];
    assert.ok(removed?.type === 'holdfast.im.participant.removed');
    assert.equal(removed.data.actor.address, 'c');
    assert.equal(removed.data.participant.address, 'b');
    assert.equal(removed.data.reason, 'flood');
    const marks = events.slice(0, 4).map(({ data }) => ['action' in data, 'notice' in data]);
    assert.deepEqual(marks, [
      [false, false],
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  test('a nick addressed before it was seen is no mention, afterwards it is', () => {
    const events = readEvents([
      '[09:00] <a> b: x',
      '[09:00] <B> hi',
      '[09:01] <a> b: x',
      '[09:02] <a> a, b: me too',
    ]);
    const mentions = events.map(({ data }) => ('mentions' in data ? data.mentions : undefined));
    assert.deepEqual(mentions, [undefined, undefined, ['irc:b'], ['irc:a', 'irc:b']]);
    assert.deepEqual(
      events.map(({ data }) => data.roster.members.map(({ address }) => address)),
      [['a'], ['B'], ['a', 'B'], ['a', 'B']],
    );
  });

  test('control characters stay in the body', () => {
    const [event] = readEvents(['[09:00] <a> \u0002bold\u0002 \u00034,5red\u0003']);
    assert.ok(event?.type === 'holdfast.im.message.sent');
    assert.equal(event.data.body, '\u0002bold\u0002 \u00034,5red\u0003');
  });
});

describe('ids', () => {
  const lines = ['[09:14] <a> x', '[09:14] <a> x'];

  test('tell lines, files and channels apart, and are the same again', () => {
    const ids = (container: string, channel: string) =>
      readEvents(lines, openDay(container, ircConversation(channel))).map(({ id }) => id);
    const all = [...ids('1.txt', '#a'), ...ids('2.txt', '#a'), ...ids('1.txt', '#b')];
    assert.equal(new Set(all).size, 6);
    assert.deepEqual(ids('1.txt', '#a'), all.slice(0, 2));
  });

  test('a file that has grown since gives the same records for its old part', () => {
    const grown = [...lines, '[09:15] <b> a: y', '=== Topic for #ubuntu: z'];
    const hashes = (all: string[]) =>
      readDay(all).map((decoded) => (decoded.ok ? decoded.contentHash : 'unreadable'));
    assert.deepEqual(hashes(grown).slice(0, 2), hashes(lines));
  });
});

describe('lines that cannot be read', () => {
  const reasonFor = (text: string | Uint8Array): string => {
    const [decoded] = readDay([text]);
    assert.ok(decoded && !decoded.ok);
    assert.equal(decoded.unparsed?.data.origin.container, '2004-12-25.txt');
    return decoded.reason;
  };

  test('are kept with their bytes and the reason', () => {
    const bytes = Buffer.from('[01:09] (soundray/#ubuntu) x');
    const [decoded] = readDay([bytes]);
    assert.ok(decoded && !decoded.ok);
    assert.deepEqual(Buffer.from(decoded.unparsed?.data.bytes ?? '', 'base64'), bytes);
    assert.equal(decoded.reason, 'neither message, action nor notice');
  });

  test('say what is wrong with them', () => {
    assert.equal(reasonFor(Buffer.from([0x5b, 0xff, 0xfe])), 'not valid UTF-8');
    assert.equal(reasonFor('[09:14] <a> x\u0000y'), 'a NUL byte');
    assert.equal(
      reasonFor(`[09:14] <a> ${'x'.repeat(maxIrcLineBytes)}`),
      'a line of 65548 bytes, expected at most 65536',
    );
    assert.equal(
      reasonFor(`=== Topic for #ubuntu: ${'x'.repeat(4097)}`),
      'a topic of more than 4096 characters',
    );
    assert.equal(
      reasonFor(`=== a [u@h]  has left #x [${'x'.repeat(1025)}]`),
      'a reason of more than 1024 characters',
    );
    assert.match(reasonFor(`[09:14] <${'n'.repeat(101)}> x`), /without a nick/);
  });

  test('do not stop those after them, and their time counts', () => {
    const [, second] = readDay(['[07:00] (x/#ubuntu) y', '=== a [u@h]  has joined #ubuntu']);
    assert.ok(second?.ok);
    assert.equal(second.event.data.sentAt, '2004-12-25T07:00:00.000Z');
  });

  test('blank lines are skipped', () => {
    const day = openDay();
    for (const text of ['', '   ', '\t']) {
      assert.deepEqual(day.record(toLine(text, 1)), { kind: 'skipped', reason: 'blank line' });
    }
  });
});
