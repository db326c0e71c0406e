import { tz } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { instantsOf, intervalNames, namedDays, startOfZonedDay } from './calendar.ts';

/** The instants a date value stands for, end exclusive; a bare day is the whole day. */
export type DateValue =
  | { readonly ok: true; readonly fromMs: number; readonly toMs: number; readonly happensTwice: boolean }
  | { readonly ok: false; readonly reason: string };

const form = /^(\d{4})-(\d{2})-(\d{2})(?:t(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{3}))?)?(z|[+-]\d{2}:\d{2})?)?$/i;
const minuteMs = 60_000;

export const dateForms = `2024-01-31, 2024-01-31T09:00, 2024-01-31T09:00:00+09:00, ${intervalNames.join(', ')}`;

const refuse = (reason: string): DateValue => ({ ok: false, reason });

const wallOf = (year: number, month: number, day: number): number | undefined => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.getTime()
    : undefined;
};

const dayValue = (fromWallMs: number, toWallMs: number, timeZone: string): DateValue => {
  const fromMs = startOfZonedDay(fromWallMs, timeZone);
  const toMs = startOfZonedDay(toWallMs, timeZone);
  return fromMs < toMs
    ? { ok: true, fromMs, toMs, happensTwice: false }
    : refuse(`This day does not exist in ${timeZone}: clocks were put over it.`);
};

const precisionOf = (seconds: string | undefined, millis: string | undefined): number =>
  millis !== undefined ? 1 : seconds !== undefined ? 1000 : minuteMs;

const timeValue = (
  wallMs: number,
  precisionMs: number,
  zone: string | undefined,
  timeZone: string,
): DateValue => {
  if (zone !== undefined) {
    const sign = zone.startsWith('-') ? -1 : 1;
    const isUtc = zone.toLowerCase() === 'z';
    const [hours, minutes] = isUtc ? [0, 0] : [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
    if (hours > 23 || minutes > 59)
      return refuse('The zone is written as Z or as hours and minutes, +09:00.');
    const fromMs = wallMs - sign * (hours * 60 + minutes) * minuteMs;
    return { ok: true, fromMs, toMs: fromMs + precisionMs, happensTwice: false };
  }
  const instants = instantsOf(wallMs, timeZone);
  const [first] = instants;
  const last = instants.at(-1);
  if (first === undefined || last === undefined)
    return refuse(`Clocks in ${timeZone} never showed this time: they were put forward over it.`);
  return { ok: true, fromMs: first, toMs: last + precisionMs, happensTwice: instants.length > 1 };
};

/** Reads a day, a time or a named interval; what no zone is written with is of `timeZone`. */
export const readDate = (written: string, now: Date, timeZone: string): DateValue => {
  const name = written.trim().toLowerCase().replace(/\s+/g, ' ');
  const named = namedDays(name, now, timeZone);
  if (named !== undefined) return dayValue(named.fromWallMs, named.toWallMs, timeZone);
  const match = form.exec(written.trim());
  if (match === null) return refuse('This is not a date.');
  const [, year, month, day, hours, minutes, seconds, millis, zone] = match;
  const wallMs = wallOf(Number(year), Number(month), Number(day));
  if (wallMs === undefined) return refuse('There is no such day.');
  if (hours === undefined) return dayValue(wallMs, addDays(wallMs, 1, { in: tz('UTC') }).getTime(), timeZone);
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59)
    return refuse('There is no such time of day.');
  const timeMs =
    (Number(hours) * 60 + Number(minutes)) * minuteMs + Number(seconds ?? 0) * 1000 + Number(millis ?? 0);
  return timeValue(wallMs + timeMs, precisionOf(seconds, millis), zone, timeZone);
};
