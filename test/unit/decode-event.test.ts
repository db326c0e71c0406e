import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { imEventSchemas } from '../../schemas/events/im-event.ts';
import { decodeEvent } from '../../services/core/conversation/decode-event.ts';

const frozenLines = readFileSync(new URL('../fixtures/events-v1.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const frozen = (type: string): string => {
  const line = frozenLines.find((text) => text.includes(`"type":"holdfast.im.${type}"`));
  assert.ok(line, `no frozen line of type ${type}`);
  return line;
};
const message = frozen('message.sent');
const decodeText = (text: string) => decodeEvent(Buffer.from(text));
const reasonFor = (text: string): string => {
  const decoded = decodeText(text);
  assert.equal(decoded.ok, false);
  assert.doesNotMatch(decoded.reason, /\n/);
  assert.ok(decoded.reason.length <= 1024);
  return decoded.reason;
};
/** The frozen message with something replaced. */
const replaced = (from: string, to: string): string => {
  assert.ok(message.includes(from), `the frozen message has no ${from}`);
  return message.replace(from, () => to);
};

describe('frozen events of version 1', () => {
  test('there is one of every type', () => {
    for (const type of Object.keys(imEventSchemas)) frozen(type);
  });

  test('every one decodes, and to what was written', () => {
    for (const line of frozenLines) {
      const decoded = decodeText(line);
      assert.ok(decoded.ok, `${line}: ${decoded.ok ? '' : decoded.reason}`);
      assert.deepEqual(decoded.event, JSON.parse(line));
    }
  });

  test('their content hashes never change', () => {
    const hashes = frozenLines.map((line) => {
      const decoded = decodeText(line);
      return decoded.ok ? decoded.contentHash : '';
    });
    assert.equal(new Set(hashes).size, frozenLines.length);
    assert.equal(
      hash('sha256', hashes.join('\n')),
      '0203cbc3239508487e89110b7720c1c6af8233838e19838055d679d8fc464dea',
    );
  });
});

describe('content hash', () => {
  const hashOf = (text: string): string => {
    const decoded = decodeText(text);
    assert.ok(decoded.ok, decoded.ok ? '' : decoded.reason);
    return decoded.contentHash;
  };
  const changed = (change: (event: { data: Record<string, unknown> } & Record<string, unknown>) => void) => {
    const event = JSON.parse(message);
    change(event);
    return hashOf(JSON.stringify(event));
  };

  test('what differs when the same is brought in again does not change it', () => {
    const same = hashOf(message);
    assert.equal(
      changed((event) => (event.data.nonce = 'f'.repeat(32))),
      same,
    );
    assert.equal(
      changed((event) => (event.data.acceptedAt = '2030-01-01T00:00:00.000Z')),
      same,
    );
    assert.equal(
      changed((event) => (event.source = 'urn:other')),
      same,
    );
    assert.equal(
      changed((event) => (event.time = '2030-01-01T00:00:00.000Z')),
      same,
    );
    assert.equal(
      changed((event) => (event.importid = 'another')),
      same,
    );
    assert.equal(
      changed((event) => (event.datacontenttype = 'application/json')),
      same,
    );
  });

  test('the order of fields does not change it', () => {
    const event = JSON.parse(message);
    const reversed = Object.fromEntries(Object.entries(event).reverse());
    reversed.data = Object.fromEntries(Object.entries(event.data).reverse());
    assert.equal(hashOf(JSON.stringify(reversed)), hashOf(message));
  });

  test('everything that was said changes it', () => {
    const same = hashOf(message);
    assert.notEqual(
      changed((event) => (event.data.body = 'other')),
      same,
    );
    assert.notEqual(
      changed((event) => (event.data.sentAt = '2024-02-29T23:59:08.998Z')),
      same,
    );
    assert.notEqual(
      changed((event) => (event.data.subject = undefined)),
      same,
    );
    assert.notEqual(
      changed((event) => (event.data.mentions = [])),
      same,
    );
    assert.notEqual(
      changed((event) => (event.data.roster = { members: [], complete: true })),
      same,
    );
    assert.notEqual(
      changed((event) => (event.id = 'other')),
      same,
    );
  });
});

describe('what cannot be read says why', () => {
  test('bytes that are not UTF-8, not JSON or not an event', () => {
    assert.deepEqual(decodeEvent(Buffer.from([0x7b, 0xff, 0x7d])), { ok: false, reason: 'not valid UTF-8' });
    assert.deepEqual(decodeEvent(new Uint8Array()), { ok: false, reason: 'not valid JSON' });
    assert.equal(reasonFor('{"a":1'), 'not valid JSON');
    assert.equal(reasonFor(`\ufeff${message}`), 'byte order mark before JSON');
    assert.equal(reasonFor('[]'), 'event: expected object, received array');
    assert.equal(reasonFor('null'), 'event: expected object, received null');
    assert.equal(reasonFor('{}'), 'type: unknown event type (none)');
  });

  test('JSON nested 10,000 levels deep does not exhaust the stack', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    assert.equal(reasonFor(deep), 'expected at most 32 levels of nesting');
    assert.equal(reasonFor('['.repeat(1_000_000)), 'expected at most 32 levels of nesting');
    assert.ok(decodeText(replaced('see the draft', `${'['.repeat(100)}\\"${'{'.repeat(100)}`)).ok);
  });

  test('unknown types, fields and versions', () => {
    assert.equal(
      reasonFor(replaced('message.sent', 'message.shouted')),
      'type: unknown event type "holdfast.im.message.shouted"',
    );
    assert.equal(reasonFor(replaced('"data":{', '"data":{"colour":"red",')), 'data: unknown field "colour"');
    assert.equal(reasonFor(replaced('"schemaversion":1', '"schemaversion":2')), 'schemaversion: expected 1');
    assert.match(reasonFor(replaced('{"specversion"', `{"${'x'.repeat(9999)}":1,"specversion"`)), /x{64}"$/);
  });

  test('__proto__ is an unknown field wherever it stands', () => {
    assert.equal(
      reasonFor(replaced('{"specversion"', '{"__proto__":{},"specversion"')),
      'event: unknown field "__proto__"',
    );
    assert.equal(
      reasonFor(replaced('"data":{', '"data":{"__proto__":{"body":"x"},')),
      'data: unknown field "__proto__"',
    );
    assert.equal(
      reasonFor(replaced('"actor":{', '"actor":{"__pr\\u006fto__":1,')),
      'data.actor: unknown field "__proto__"',
    );
    assert.equal(({} as Record<string, unknown>).body, undefined);
  });

  test('wrong types and missing fields', () => {
    assert.equal(
      reasonFor(replaced('"importance":"high"', '"importance":3')),
      'data.importance: expected one of "low"|"normal"|"high"',
    );
    assert.equal(
      reasonFor(replaced('"session":{"id":"s-1"},', '')),
      'data.session: expected object, received undefined',
    );
    assert.equal(
      reasonFor(replaced('"nonce"', '"Nonce"')),
      'data.nonce: expected string, received undefined (and 1 more)',
    );
  });

  test('lone surrogates, in fields that are checked for length alone too', () => {
    for (const field of ['"name":"Ann Larsson"', '"address":"ann@contoso.example"', '"subject":"Budget"']) {
      const text = replaced(field, field.replace(/"$/, '\\uD83D"'));
      assert.equal(reasonFor(text), 'a lone surrogate is not a character');
    }
    assert.ok(decodeText(replaced('see the draft', '\\uD83D\\uDC4D')).ok);
  });

  test('times that are no times, or outside the years 0001 to 9999', () => {
    const sentAt = '"sentAt":"2024-02-29T23:59:08.999Z"';
    const at = (instant: string) => replaced(sentAt, `"sentAt":"${instant}"`);
    assert.equal(reasonFor(at('0000-01-01T00:00:00.000Z')), 'data.sentAt: expected a year from 0001 to 9999');
    for (const wrong of [
      '2023-02-29T00:00:00.000Z',
      '10000-01-01T00:00:00.000Z',
      '2024-01-01T00:00:00.000+09:00',
      '2024-01-01',
      '',
    ]) {
      assert.equal(reasonFor(at(wrong)), 'data.sentAt: expected a UTC time like 2004-12-25T09:14:00.000Z');
    }
    assert.ok(decodeText(at('0001-01-01T00:00:00.000Z')).ok);
    assert.ok(decodeText(at('9999-12-31T23:59:59.999Z')).ok);
  });

  test('a body over its limit in bytes, and an id with control characters', () => {
    assert.match(
      reasonFor(replaced('see the draft', '가'.repeat(100_000))),
      /^data\.body: expected at most 262144 bytes/,
    );
    assert.equal(
      reasonFor(replaced('"im:1b671a64"', '"im:\\u0000"')),
      'data.conversation.id: expected an id without control characters',
    );
  });

  test('the id is told where there is one, and what was said is never quoted', () => {
    const decoded = decodeText(replaced('"importance":"high"', '"importance":"secret"'));
    assert.ok(!decoded.ok);
    assert.equal(decoded.eventId, 'frozen-v1-08');
    assert.doesNotMatch(decoded.reason, /secret/);
  });
});

test('what an importer could not read is told with its reason, id and content hash', () => {
  const record = {
    specversion: '1.0',
    id: 'u-1',
    source: 'urn:holdfast:importer:irc',
    type: 'holdfast.import.unparsed',
    schemaversion: 1,
    data: {
      origin: { source: 'irc', container: '2004-12-25.txt', line: 3 },
      reason: 'fits no form',
      bytes: 'Pz8=',
    },
  };
  const decoded = decodeText(JSON.stringify(record));
  assert.ok(!decoded.ok);
  assert.equal(decoded.reason, 'fits no form');
  assert.equal(decoded.eventId, 'u-1');
  assert.deepEqual(decoded.unparsed, record);
  const reworded = decodeText(JSON.stringify({ ...record, data: { ...record.data, reason: 'other' } }));
  assert.ok(!reworded.ok);
  assert.equal(reworded.contentHash, decoded.contentHash);
  assert.equal(reasonFor(JSON.stringify({ ...record, data: {} })).startsWith('data.origin: '), true);
});
