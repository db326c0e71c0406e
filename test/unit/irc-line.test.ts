import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { addressedNicks } from '../../services/importer/irc/addressed-nicks.ts';
import { dateInName } from '../../services/importer/irc/date-in-name.ts';
import { parseIrcLine } from '../../services/importer/irc/parse-irc-line.ts';
import { threadCpuMs } from '../support/thread-cpu.ts';

const nobody = () => false;
const parse = (line: string, known: (nick: string) => boolean = nobody) => parseIrcLine(line, known);
const reads = (line: string, expected: object) => assert.deepEqual(parse(line), expected, line);
const isUnreadable = (line: string) => assert.equal(parse(line).form, 'unreadable', line);

describe('lines with a time', () => {
  test('messages, also without text and with blanks kept', () => {
    reads('[09:14] <crimsun> kleedrac: no', {
      form: 'message',
      time: '09:14',
      nick: 'crimsun',
      text: 'kleedrac: no',
    });
    reads('[09:43] <drcode>', { form: 'message', time: '09:43', nick: 'drcode', text: '' });
    reads('[00:00] <a>   two  ', { form: 'message', time: '00:00', nick: 'a', text: '  two  ' });
    reads('[23:59] <x> <y> z', { form: 'message', time: '23:59', nick: 'x', text: '<y> z' });
    reads('[10:00] <a> \u0002bold\u000f \u00034red', {
      form: 'message',
      time: '10:00',
      nick: 'a',
      text: '\u0002bold\u000f \u00034red',
    });
  });

  test('actions, also without text', () => {
    const action = { form: 'message', as: 'action' };
    reads('[13:56]  * genii sips a coffee', {
      ...action,
      time: '13:56',
      nick: 'genii',
      text: 'sips a coffee',
    });
    reads('[11:27]  * TheHawk', { ...action, time: '11:27', nick: 'TheHawk', text: '' });
  });

  test('notices', () => {
    const notice = { form: 'message', as: 'notice', time: '05:12' };
    reads('[05:12] -bot:#ubuntu- be nice', { ...notice, nick: 'bot', text: 'be nice' });
    reads('[05:12] -bot:#a-b- x - y', { ...notice, nick: 'bot', text: 'x - y' });
  });

  test('what fits no form is unreadable', () => {
    isUnreadable('[01:09] (soundray/#ubuntu) thomas: have you seen this?');
    isUnreadable('[01:09] <nobody');
    isUnreadable('[01:09] <>');
    isUnreadable('[01:09] <a>b');
    isUnreadable('[01:09] <two words> x');
    isUnreadable('[24:00] <a> b');
    isUnreadable('[09:60] <a> b');
    isUnreadable('[9:00] <a> b');
    isUnreadable('hello');
    isUnreadable('[01:09] ');
  });
});

describe('system lines', () => {
  test('joins, leaves and quits need a user and host', () => {
    reads('=== L0sT [~waa3@masked]  has joined #ubuntu', {
      form: 'joined',
      nick: 'L0sT',
      channel: '#ubuntu',
    });
    reads('=== devFran [~F@masked]  has left #Ubuntu []', { form: 'left', nick: 'devFran' });
    reads('=== sivang [~s@masked]  has left #ubuntu ["Leaving"]', {
      form: 'left',
      nick: 'sivang',
      reason: '"Leaving"',
    });
    reads('=== Ed_L [n=irc@masked]  has left #ubuntu [] ', { form: 'left', nick: 'Ed_L' });
    reads('=== ann [a@b] has quit [Ping timeout]', { form: 'left', nick: 'ann', reason: 'Ping timeout' });
    reads('=== ann [a@b] has quit IRC', { form: 'left', nick: 'ann' });
    assert.equal(parse('=== bob has joined #ubuntu').form, 'message');
    assert.equal(parse('=== bob [x] has joined #ubuntu').form, 'message');
    assert.equal(parse('=== billy has been using linux').form, 'message');
  });

  test('renames, of one nick to one nick', () => {
    reads('=== sid77 is now known as sid77_', { form: 'renamed', nick: 'sid77', newNick: 'sid77_' });
    reads('=== Virtuall[BZA]  is now known as Virtuall', {
      form: 'renamed',
      nick: 'Virtuall[BZA]',
      newNick: 'Virtuall',
    });
    assert.equal(parse('=== bob is now known as the king').form, 'message');
    assert.equal(parse('=== bob thinks ann is now known as eve').form, 'message');
  });

  test('modes, removals and topics', () => {
    reads('=== mode/#ubuntu [+o Amaranth]  by ChanServ', {
      form: 'mode',
      nick: 'ChanServ',
      mode: '+o Amaranth',
    });
    isUnreadable('=== mode/#ubuntu [+b *!*@[x] ]  by a by b');
    reads('=== ServerMode/#ubuntu [+o x]  by irc.example.net', {
      form: 'mode',
      nick: 'irc.example.net',
      mode: '+o x',
    });
    reads('=== el was kicked off #ubuntu by LoRez (LoRez)', {
      form: 'removed',
      nick: 'el',
      by: 'LoRez',
      reason: 'LoRez',
    });
    reads('=== el was kicked off #ubuntu by LoRez', { form: 'removed', nick: 'el', by: 'LoRez' });
    reads('=== ..[topic/#ubuntu:Seveas] : Happy Day: x', {
      form: 'topic',
      nick: 'Seveas',
      topic: 'Happy Day: x',
    });
    reads('=== LjL changed the topic of #ubuntu to: Be patient', {
      form: 'topic',
      nick: 'LjL',
      topic: 'Be patient',
    });
    reads('=== Topic for #ubuntu: Official', { form: 'topic', topic: 'Official' });
    reads('=== Topic (#ubuntu): set by Madpilot at Mon Dec  4 07:27:08 2006', {
      form: 'topic',
      nick: 'Madpilot',
    });
  });

  test('server lines are not taken for what a person did', () => {
    isUnreadable('=== Netsplit irc.a.net <-> irc.b.net quits: x, y');
    isUnreadable('=== Netsplit over, joins: x');
    isUnreadable('=== netjoined: irc.a.net -> b.a.net');
    isUnreadable('=== #ubuntu [freenode-info] help us');
    isUnreadable('===');
    isUnreadable('=== ');
  });

  test('anything else after a nick is an action', () => {
    const action = { form: 'message', as: 'action' };
    reads('=== knghtbrd growls', { ...action, nick: 'knghtbrd', text: 'growls' });
    reads('=== Tonren : Bringing #x to #y', { ...action, nick: 'Tonren', text: ': Bringing #x to #y' });
    isUnreadable('=== word');
    assert.deepEqual(
      parse('=== word', (nick) => nick === 'word'),
      { ...action, nick: 'word', text: '' },
    );
  });
});

describe('nicks of logs that have a blank after every bracket', () => {
  test('are read as they were borne', () => {
    reads('=== [optik]  [~optik@masked]  has joined #ubuntu', {
      form: 'joined',
      nick: '[optik]',
      channel: '#ubuntu',
    });
    reads('=== N}{N[] O [n=C@masked]  has left #ubuntu ["Ubuntu]', {
      form: 'left',
      nick: 'N}{N[]O',
      reason: '"Ubuntu',
    });
    reads('=== augmentor [[H] -853478@masked]  has joined #ubuntu', {
      form: 'joined',
      nick: 'augmentor',
      channel: '#ubuntu',
    });
    reads('=== [JAPS] ph1L is now known as ph1L', { form: 'renamed', nick: '[JAPS]ph1L', newNick: 'ph1L' });
    reads('[08:21] <Cal[] John> hi', { form: 'message', time: '08:21', nick: 'Cal[]John', text: 'hi' });
    reads('[08:21] <[D-Tail] > hi', { form: 'message', time: '08:21', nick: '[D-Tail]', text: 'hi' });
  });

  test('in an action only when they were seen before', () => {
    const line = '=== bur[n] er wonders if';
    const seen = parse(line, (nick) => nick === 'bur[n]er');
    assert.deepEqual(seen, { form: 'message', nick: 'bur[n]er', text: 'wonders if', as: 'action' });
    assert.deepEqual(parse(line), { form: 'message', nick: 'bur[n]', text: 'er wonders if', as: 'action' });
  });
});

test('a hostile line costs no more than a long one', () => {
  const hostile = [
    ' [',
    '@',
    '] has left #',
    ' is now known as ',
    ' was kicked off #x by ',
    '] ',
    ' by ',
    ' (',
    '..[topic/#',
  ];
  for (const part of hostile) {
    const line = `=== x${part.repeat(Math.floor(64_000 / part.length))}`;
    const startedMs = threadCpuMs();
    parse(line);
    assert.ok(threadCpuMs() - startedMs < 2000, part);
  }
});

test('no line throws, and what is read has a nick that can be an id', () => {
  const piece = fc.constantFrom(
    '=== ',
    '[09:14] ',
    '<',
    '>',
    ' * ',
    '-',
    'a',
    '[n] ',
    ' has joined #u',
    ' [u@h] ',
    ' is now known as ',
    'mode/#u [',
    ']  by ',
    ' was kicked off #u by ',
    '\u0000',
    '\u2028',
    '가',
    '👍',
  );
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(line, (text) => {
      const parsed = parse(text);
      if (parsed.form === 'unreadable') assert.ok(parsed.reason.length > 0);
      else if (parsed.nick !== undefined) assert.match(parsed.nick, /^[^\s\p{Cc}]{1,100}$/u);
    }),
    { seed: 1459, numRuns: 2000 },
  );
});

test('a message addresses the known nicks at its start', () => {
  const known = new Map([
    ['ann', 'Ann'],
    ['bob', 'bob'],
    ['[d-tail]', '[D-Tail]'],
  ]);
  assert.deepEqual(addressedNicks('ann: hello', known), ['Ann']);
  assert.deepEqual(addressedNicks('ANN, bob: hello', known), ['Ann', 'bob']);
  assert.deepEqual(addressedNicks('[D-Tail] , or grab it', known), ['[D-Tail]']);
  assert.deepEqual(addressedNicks('ann,ann,bob,eve: x', known), ['Ann', 'bob']);
  assert.deepEqual(addressedNicks('eve: ann: hello', known), []);
  assert.deepEqual(addressedNicks('hello ann: x', known), []);
  assert.deepEqual(addressedNicks('', known), []);
});

test('the date of a file is the first day that exists in its name', () => {
  assert.equal(dateInName('2004-12-25.train-c.raw.txt'), '2004-12-25');
  assert.equal(dateInName('#ubuntu-2024-02-29.log'), '2024-02-29');
  assert.equal(dateInName('2023-02-29-or-2023-03-01.txt'), '2023-03-01');
  for (const name of [
    'ubuntu.txt',
    '2023-02-29.txt',
    '0000-01-01.txt',
    '2004-13-01.txt',
    '12004-12-25.txt',
    '2004-12-251.txt',
  ]) {
    assert.equal(dateInName(name), undefined, name);
  }
});
