import { finds, type QueryVector } from './vector.ts';

const sent = (at: string, imported = false) => ({ body: 'x', at, imported });
const newYork = 'America/New_York';
const seoul = 'Asia/Seoul';

/** Days, times, zones, clocks put forward and back, named intervals. */
export const dateVectors: readonly QueryVector[] = [
  finds('sent>=2024-01-01 sent<=2024-03-31', {
    miss: [
      sent('2025-01-01T00:00:00.000Z'),
      sent('2024-04-01T00:00:00.000Z'),
      sent('2023-12-31T23:59:59.999Z'),
    ],
    hit: [sent('2024-03-31T23:59:59.999Z'), sent('2024-01-01T00:00:00.000Z')],
  }),
  finds('sent:2024-03-01', {
    hit: [sent('2024-03-01T00:00:00.000Z'), sent('2024-03-01T23:59:59.999Z')],
    miss: [sent('2024-02-29T23:59:59.999Z'), sent('2024-03-02T00:00:00.000Z')],
  }),
  finds('sent=2024-03-01', {
    hit: [sent('2024-03-01T12:00:00.000Z')],
    miss: [sent('2024-03-02T00:00:00.000Z')],
  }),
  finds('sent>2024-03-01', {
    hit: [sent('2024-03-02T00:00:00.000Z')],
    miss: [sent('2024-03-01T23:59:59.999Z')],
  }),
  finds('sent<2024-03-01', {
    hit: [sent('2024-02-29T23:59:59.999Z')],
    miss: [sent('2024-03-01T00:00:00.000Z')],
  }),
  finds('sent<=2024-03-01', {
    hit: [sent('2024-03-01T23:59:59.999Z')],
    miss: [sent('2024-03-02T00:00:00.000Z')],
  }),
  finds('sent:2024-02-28..2024-03-01', {
    hit: [sent('2024-02-29T10:00:00.000Z'), sent('2024-03-01T23:59:59.999Z')],
    miss: [sent('2024-03-02T00:00:00.000Z')],
  }),
  finds('date:2024-03-01', {
    hit: [sent('2024-03-01T12:00:00.000Z')],
    miss: [sent('2024-03-02T00:00:00.000Z')],
  }),
  finds('NOT sent:2024-03-01', {
    hit: [sent('2024-03-02T00:00:00.000Z')],
    miss: [sent('2024-03-01T12:00:00.000Z')],
  }),
  finds('sent:2024-03-01', {
    timeZone: seoul,
    hit: [sent('2024-02-29T15:00:00.000Z'), sent('2024-03-01T14:59:59.999Z')],
    miss: [sent('2024-03-01T15:00:00.000Z'), sent('2024-02-29T14:59:59.999Z')],
  }),
  finds('sent:2024-03-10', {
    timeZone: newYork,
    hit: [sent('2024-03-10T05:00:00.000Z'), sent('2024-03-11T03:59:59.999Z')],
    miss: [sent('2024-03-11T04:00:00.000Z'), sent('2024-03-10T04:59:59.999Z')],
  }),
  finds('sent:2024-11-03', {
    timeZone: newYork,
    hit: [sent('2024-11-03T04:00:00.000Z'), sent('2024-11-04T04:59:59.999Z')],
    miss: [sent('2024-11-04T05:00:00.000Z')],
  }),
  finds('sent>=2024-11-03T01:30', {
    timeZone: newYork,
    hit: [sent('2024-11-03T05:30:00.000Z')],
    miss: [sent('2024-11-03T05:29:59.999Z')],
    warnings: ['ambiguousTime'],
  }),
  finds('sent<=2024-11-03T01:30', {
    timeZone: newYork,
    hit: [sent('2024-11-03T06:30:59.999Z')],
    miss: [sent('2024-11-03T06:31:00.000Z')],
    warnings: ['ambiguousTime'],
  }),
  finds('sent:2018-11-04', {
    timeZone: 'America/Sao_Paulo',
    hit: [sent('2018-11-04T03:00:00.000Z'), sent('2018-11-05T01:59:59.999Z')],
    miss: [sent('2018-11-04T02:59:59.999Z'), sent('2018-11-05T02:00:00.000Z')],
  }),
  finds('sent:2011-12-29', {
    timeZone: 'Pacific/Apia',
    hit: [sent('2011-12-30T09:59:59.999Z')],
    miss: [sent('2011-12-30T10:00:00.000Z')],
  }),
  finds('sent>=2024-03-01T10:00', {
    timeZone: seoul,
    hit: [sent('2024-03-01T01:00:00.000Z')],
    miss: [sent('2024-03-01T00:59:59.999Z')],
  }),
  finds('sent>=2024-03-01T10:00+09:00', {
    hit: [sent('2024-03-01T01:00:00.000Z')],
    miss: [sent('2024-03-01T00:59:59.999Z')],
  }),
  finds('sent>=2024-03-01T10:00Z', {
    timeZone: seoul,
    hit: [sent('2024-03-01T10:00:00.000Z')],
    miss: [sent('2024-03-01T09:59:59.999Z')],
  }),
  finds('sent:2024-03-01T10:00Z', {
    hit: [sent('2024-03-01T10:00:59.999Z')],
    miss: [sent('2024-03-01T10:01:00.000Z')],
  }),
  finds('sent:2024-03-01T10:00:05Z', {
    hit: [sent('2024-03-01T10:00:05.999Z')],
    miss: [sent('2024-03-01T10:00:06.000Z')],
  }),
  finds('sent:2024-03-01T10:00:05.250-05:30', {
    hit: [sent('2024-03-01T15:30:05.250Z')],
    miss: [sent('2024-03-01T15:30:05.251Z')],
  }),
  finds('sent>2024-03-01T10:00Z', {
    hit: [sent('2024-03-01T10:01:00.000Z')],
    miss: [sent('2024-03-01T10:00:59.999Z')],
  }),
  finds('sent:today', {
    now: '2024-03-10T02:00:00.000Z',
    timeZone: newYork,
    hit: [sent('2024-03-09T05:00:00.000Z')],
    miss: [sent('2024-03-10T05:00:00.000Z'), sent('2024-03-09T04:59:59.999Z')],
  }),
  finds('sent:yesterday', {
    hit: [sent('2024-03-09T00:00:00.000Z')],
    miss: [sent('2024-03-10T00:00:00.000Z')],
  }),
  finds('sent:"this week"', {
    hit: [sent('2024-03-04T00:00:00.000Z'), sent('2024-03-10T23:59:59.999Z')],
    miss: [sent('2024-03-03T23:59:59.999Z'), sent('2024-03-11T00:00:00.000Z')],
  }),
  finds('sent:"Last Week"', {
    hit: [sent('2024-02-26T00:00:00.000Z')],
    miss: [sent('2024-03-04T00:00:00.000Z')],
  }),
  finds('sent:"last month"', {
    hit: [sent('2024-02-29T23:59:59.999Z')],
    miss: [sent('2024-03-01T00:00:00.000Z'), sent('2024-01-31T23:59:59.999Z')],
  }),
  finds('sent:"this month"', {
    hit: [sent('2024-03-31T23:59:59.999Z')],
    miss: [sent('2024-04-01T00:00:00.000Z')],
  }),
  finds('sent:"last year"', {
    hit: [sent('2023-01-01T00:00:00.000Z')],
    miss: [sent('2024-01-01T00:00:00.000Z')],
  }),
  finds('sent>="this year"', {
    hit: [sent('2024-01-01T00:00:00.000Z')],
    miss: [sent('2023-12-31T23:59:59.999Z')],
  }),
  finds('sent<today', { hit: [sent('2024-03-09T23:59:59.999Z')], miss: [sent('2024-03-10T00:00:00.000Z')] }),
  finds('sent:(2024-03-01 OR 2024-03-03)', {
    hit: [sent('2024-03-03T01:00:00.000Z')],
    miss: [sent('2024-03-02T01:00:00.000Z')],
  }),
  finds('sent:0001-01-01', {
    timeZone: seoul,
    hit: [sent('0001-01-01T00:00:00.000Z')],
    miss: [sent('0001-01-02T00:00:00.000Z')],
  }),
  finds('sent:9999-12-31', {
    timeZone: newYork,
    hit: [sent('9999-12-31T23:59:59.999Z')],
    miss: [sent('9999-12-31T04:59:59.999Z')],
  }),
  finds('sent<=9999-12-31', { hit: [sent('9999-12-31T23:59:59.999Z'), sent('0001-01-01T00:00:00.000Z')] }),
  finds('sent>9999-12-31', { miss: [sent('9999-12-31T23:59:59.999Z')] }),
  finds('sent<0001-01-01', { miss: [sent('0001-01-01T00:00:00.000Z')] }),
  finds('sent:2024-03-01', {
    hit: [
      { body: 'x', at: '2024-02-01T00:00:00.000Z', edits: [{ body: 'y', at: '2024-03-01T00:00:00.000Z' }] },
    ],
    versions: [2],
  }),
  finds('x sent:2024-03-01', {
    miss: [
      { body: 'x', at: '2024-02-01T00:00:00.000Z', edits: [{ body: 'y', at: '2024-03-01T00:00:00.000Z' }] },
    ],
  }),
  finds('sent:2004-12-25', { hit: [sent('2004-12-25T09:14:00.000Z', true)] }),
  finds('sent:2024-01-01 OR 2024-02-01', {
    hit: [sent('2024-01-01T10:00:00.000Z'), { at: '2024-03-01T10:00:00.000Z', body: 'due 2024-02-01' }],
    miss: [sent('2024-02-01T10:00:00.000Z')],
    warnings: ['dateAsText'],
  }),
  finds('sent:2024-01-01 "2024-02-01"', { miss: [sent('2024-02-01T10:00:00.000Z')] }),
];
