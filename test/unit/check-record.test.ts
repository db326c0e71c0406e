import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import type { LoggedRecord } from '../../services/ports/event-log.ts';
import { CheckRecord } from '../../services/verifier/check-record.ts';

const hourMs = 3_600_000;
const madeAt = new Date('2026-01-01T12:00:00.000Z');

const whatsOf = (text: string, loggedAt: Date, stream: 'governance' | 'im' = 'governance'): string[] => {
  const name = { stream, generation: 1, partition: 0 } as const;
  const value = Buffer.from(text);
  const record: LoggedRecord = { position: { ...name, offset: 0 }, loggedAt, key: 'k', value };
  const entry = {
    offset: 0,
    outcome: 'control',
    valueHash: hash('sha256', value, 'hex'),
    transformVersion: 1,
  } as const;
  return new CheckRecord(name).record(entry, record).map(({ what }) => what);
};

test('a command that is logged well before it was given is a difference, also as the first of its log', () => {
  const command = JSON.stringify({ data: { at: madeAt.toISOString() } });
  const early = ['governance: the event is logged at an earlier time than it says it was made'];
  assert.deepEqual(whatsOf(command, new Date(madeAt.getTime() - 24 * hourMs)), early);
  assert.deepEqual(whatsOf(command, madeAt), []);
  assert.deepEqual(whatsOf(command, new Date(madeAt.getTime() - hourMs)), [], 'clocks differ');
  assert.deepEqual(
    whatsOf(command, new Date(0), 'im'),
    [],
    'an imported event says when it was sent elsewhere',
  );
});

test('of what says no time of its own only the order is looked at', () => {
  for (const text of ['', 'not json', 'null', '{}', '{"data":{"at":"noon"}}'])
    assert.deepEqual(whatsOf(text, new Date(0)), [], text);
});
