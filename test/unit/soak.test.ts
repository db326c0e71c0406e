import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ImEvent } from '../../schemas/events/im-event.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { slopeOf } from '../bench/statistics.ts';
import { EventTally } from '../soak/event-tally.ts';
import { findHighestRate } from '../soak/highest-rate.ts';
import { sampleTexts } from '../soak/sample-texts.ts';
import { dueBy, dueMs } from '../soak/schedule.ts';
import { soakQueries } from '../soak/searches.ts';
import {
  beginsItem,
  eventId,
  eventOfId,
  isProbe,
  probeOf,
  probeQuery,
  SoakEvents,
  targetOf,
} from '../soak/soak-events.ts';
import { readSoakSettings } from '../soak/soak-settings.ts';
import { latenciesOf } from '../soak/stretch.ts';

test('an event is due at its own time, however late those before it were', () => {
  const schedule = { first: 100, startMs: 5000, perSecond: 200 };
  assert.equal(dueMs(schedule, 100), 5000);
  assert.equal(dueMs(schedule, 300), 6000);
  assert.equal(dueBy(schedule, 4999), 100);
  assert.equal(dueBy(schedule, 5000), 101);
  assert.equal(dueBy(schedule, 5999.9), 300);
});

test('what is due by a time is due then, and the next is not', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9000 }),
      fc.integer({ min: 0, max: 600_000 }),
      (perSecond, afterMs) => {
        const schedule = { first: 7, startMs: 1e9, perSecond };
        const next = dueBy(schedule, 1e9 + afterMs);
        assert.ok(dueMs(schedule, next - 1) <= 1e9 + afterMs + 0.01);
        assert.ok(dueMs(schedule, next) > 1e9 + afterMs - 0.01);
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

test('a slope is found in points that lie on a line, and is 0 where nothing changes', () => {
  const line = [0, 1, 2, 5].map((x) => [x, 3 * x - 4] as const);
  assert.ok(Math.abs(slopeOf(line) - 3) < 1e-9);
  assert.equal(slopeOf([[1, 2]]), 0);
  assert.equal(
    slopeOf([
      [0, 5],
      [1, 5],
      [2, 5],
    ]),
    0,
  );
});

test('the slope of noise around a line is near that of the line', () => {
  const points = Array.from({ length: 600 }, (_, x) => [x, 0.5 * x + (x % 7)] as const);
  assert.ok(Math.abs(slopeOf(points) - 0.5) < 0.01);
});

test('latencies are told by count, percentiles and the longest', () => {
  const values = Array.from({ length: 200 }, (_, at) => 200 - at);
  assert.deepEqual(latenciesOf(values), { count: 200, p50Ms: 100, p95Ms: 190, p99Ms: 198, maxMs: 200 });
  assert.deepEqual(latenciesOf([]), { count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 });
});

test('every event of the load is one that the schema accepts, and a later fact is of an earlier message there', () => {
  const events = new SoakEvents(sampleTexts());
  const read = (event: number) => {
    const { key, value } = events.record(event, '2026-03-01T09:00:00.000Z');
    const parsed = ImEvent.parse(JSON.parse(Buffer.from(value).toString()));
    assert.equal(parsed.data.conversation.id, key);
    assert.equal(eventOfId(parsed.id), event);
    return parsed;
  };
  for (let event = 0; event < 25_000; event += event < 400 ? 1 : 17) {
    const parsed = read(event);
    assert.equal('item' in parsed.data, !beginsItem(event));
    if (beginsItem(event)) continue;
    const target = read(targetOf(event));
    assert.ok(targetOf(event) < event);
    assert.equal(target.type, 'holdfast.im.message.sent');
    assert.equal(target.data.conversation.id, parsed.data.conversation.id);
    assert.equal('item' in parsed.data && parsed.data.item, eventId(targetOf(event)));
  }
});

test('a probe has its word, which no other event has, at about two a second', () => {
  const events = new SoakEvents(['hello']);
  const bodyOf = (event: number): string =>
    JSON.parse(Buffer.from(events.record(event, '2026-03-01T09:00:00.000Z').value).toString()).data.body ??
    '';
  const probes = Array.from({ length: 20_000 }, (_, event) => event).filter((event) => isProbe(event, 2000));
  assert.equal(probes.length, 20);
  for (const event of probes) assert.equal(probeOf(bodyOf(event)), event);
  assert.equal(probeOf(bodyOf(1)), undefined);
  assert.equal(probeQuery([100, 200]), 'probe100 OR probe200');
});

test('every query of the soak is understood, without a warning', () => {
  for (const query of [...soakQueries, probeQuery([1, 2])]) {
    const parsed = parseQuery(query, { now: new Date('2026-01-01T00:00:00.000Z'), timeZone: 'UTC' });
    assert.ok(parsed.ok, query);
    assert.deepEqual(parsed.parsed.warnings, [], query);
  }
});

test("what is missing, there twice or nobody's is a violation", () => {
  const tally = new EventTally(4);
  for (const id of ['soak-0', 'soak-2', 'soak-2', 'soak-3', 'soak-4', 'other']) tally.see(id);
  const isExpected = (event: number) => event < 3;
  assert.deepEqual(tally.violations(isExpected, false), [
    "soak-4 is nobody's",
    "other is nobody's",
    'soak-1 is missing',
    'soak-2 is there 2 times',
    "soak-3 is nobody's",
  ]);
  assert.equal(tally.violations(isExpected, true).length, 4);
});

const highest = async (limit: number, startHolds: boolean, maxSteps = 20) => {
  const signal = new AbortController().signal;
  const attempt = async (perSecond: number) => ({ perSecond, holds: perSecond <= limit });
  return findHighestRate({ start: 2000, startHolds, maxSteps, attempt, signal });
};

test('the highest rate is one that held, close below one that did not', async () => {
  for (const limit of [2000, 3333, 12_000]) {
    const { perSecond } = await highest(limit, true);
    assert.ok(perSecond <= limit && perSecond * 1.05 >= limit, `${perSecond} of ${limit}`);
  }
  const { perSecond } = await highest(700, false);
  assert.ok(perSecond <= 700 && perSecond * 1.05 >= 700, `${perSecond} of 700`);
});

test('the search for the highest rate ends after so many steps, with what held, and where nothing holds', async () => {
  const { perSecond, steps } = await highest(1e9, true, 3);
  assert.deepEqual(
    steps.map((step) => step.perSecond),
    [2500, 3130, 3910],
  );
  assert.equal(perSecond, 3910);
  assert.equal((await highest(0, false, 50)).perSecond, 0);
});

test('settings that are no numbers above 0 are refused by name', () => {
  assert.equal(readSoakSettings({}).rate, 2000);
  assert.equal(readSoakSettings({ MINUTES: '0.5', CEILING_STEPS: '0' }).minutes, 0.5);
  assert.throws(() => readSoakSettings({ RATE: '0' }), /RATE/);
  assert.throws(() => readSoakSettings({ MINUTES: 'ten' }), /MINUTES.*ten/);
});
