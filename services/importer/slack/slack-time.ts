import { z } from 'zod';

/** Seconds and, after the point, what makes it unique in its channel: microseconds or a counter. */
export const SlackTimestamp = z
  .string()
  .regex(/^\d{1,12}\.\d{1,9}$/, 'expected a timestamp like 1355517523.000005')
  .refine((ts) => Number(ts) <= 253_402_300_799, 'expected a time before the year 10000');

/** The instant, cut to milliseconds. */
export const slackInstant = (ts: string): string => {
  const [seconds = '0', fraction = ''] = ts.split('.');
  const ms = Number(seconds) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return new Date(ms).toISOString();
};
