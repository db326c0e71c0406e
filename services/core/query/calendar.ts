import { tz, tzOffset } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { addMonths } from 'date-fns/addMonths';
import { addWeeks } from 'date-fns/addWeeks';
import { addYears } from 'date-fns/addYears';
import { startOfDay } from 'date-fns/startOfDay';
import { startOfISOWeek } from 'date-fns/startOfISOWeek';
import { startOfMonth } from 'date-fns/startOfMonth';
import { startOfYear } from 'date-fns/startOfYear';

const dayMs = 86_400_000;
const utc = { in: tz('UTC') };

/** Years 0001 to 9999: instants beyond cannot be on any item, and limits are moved to these. */
export const earliestMs = Date.parse('0001-01-01T00:00:00.000Z');
export const latestMs = Date.parse('9999-12-31T23:59:59.999Z') + 1;

/** Asking costs a quarter of a millisecond; there are a few hundred zones, so what was found true is kept. */
const knownZones = new Set<string>();

/** One spelling for all of a zone, whatever its case: much is kept of every spelling that is calculated with. */
export const spelledAlike = (timeZone: string): string => timeZone.toLowerCase();

export const isTimeZone = (name: string): boolean => {
  const timeZone = spelledAlike(name);
  if (knownZones.has(timeZone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    knownZones.add(timeZone);
    return true;
  } catch {
    return false;
  }
};

const offsetMs = (timeZone: string, instantMs: number): number =>
  // Old offsets have seconds, which come as a fraction of a minute.
  Math.round(tzOffset(spelledAlike(timeZone), new Date(instantMs)) * 60) * 1000;

/**
 * The instants at which clocks of the zone show a wall time (as milliseconds of that time in UTC), in order: none
 * where clocks were put forward over it, two where they were put back.
 */
export const instantsOf = (wallMs: number, timeZone: string): number[] => {
  const offsets = [offsetMs(timeZone, wallMs - dayMs), offsetMs(timeZone, wallMs + dayMs)];
  const instants = offsets
    .map((offset) => wallMs - offset)
    .filter((instant) => instant + offsetMs(timeZone, instant) === wallMs);
  return [...new Set(instants)].sort((a, b) => a - b);
};

/** The first instant of a day in the zone, also where its midnight was skipped. */
export const startOfZonedDay = (dayWallMs: number, timeZone: string): number => {
  const [first] = instantsOf(dayWallMs, timeZone);
  if (first !== undefined) return first;
  // Before the change clocks were behind: that offset puts midnight at or after the change. Step back to it.
  let end = dayWallMs - offsetMs(timeZone, dayWallMs - dayMs);
  let start = end - dayMs;
  while (end - start > 1) {
    const middle = Math.floor((start + end) / 2);
    if (middle + offsetMs(timeZone, middle) >= dayWallMs) end = middle;
    else start = middle;
  }
  return end;
};

export interface DayRange {
  /** Midnights as if the zone were UTC; `to` is the day after the last. */
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

const spans: Readonly<Record<string, (today: Date) => readonly [Date, Date]>> = {
  today: (today) => [today, addDays(today, 1)],
  yesterday: (today) => [addDays(today, -1), today],
  'this week': (today) => weekOf(today),
  'last week': (today) => weekOf(addWeeks(today, -1)),
  'this month': (today) => monthOf(today),
  'last month': (today) => monthOf(addMonths(startOfMonth(today, utc), -1)),
  'this year': (today) => yearOf(today),
  'last year': (today) => yearOf(addYears(startOfYear(today, utc), -1)),
};
const weekOf = (day: Date) => [startOfISOWeek(day, utc), addWeeks(startOfISOWeek(day, utc), 1)] as const;
const monthOf = (day: Date) => [startOfMonth(day, utc), addMonths(startOfMonth(day, utc), 1)] as const;
const yearOf = (day: Date) => [startOfYear(day, utc), addYears(startOfYear(day, utc), 1)] as const;

export const intervalNames: readonly string[] = Object.keys(spans);

/** The days of a named interval, weeks from Monday; undefined if there is none of this name. */
export const namedDays = (name: string, now: Date, timeZone: string): DayRange | undefined => {
  const span = Object.hasOwn(spans, name) ? spans[name] : undefined;
  if (span === undefined) return undefined;
  const wall = new Date(now.getTime() + offsetMs(timeZone, now.getTime()));
  const [from, to] = span(startOfDay(new Date(wall), utc));
  return { fromWallMs: from.getTime(), toWallMs: to.getTime() };
};
