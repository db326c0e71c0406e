import { z } from 'zod';

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

export const TimeZone = z.string().refine(isTimeZone, 'expected an IANA time zone like Asia/Seoul');

/** Every setting, read once from the environment; `HOLDFAST_` and the name in upper case with underscores. */
export const Config = z.strictObject({
  data: z
    .string()
    .min(1)
    .default('./data')
    .meta({
      description: 'Data folder. Everything Holdfast keeps is in it.',
      examples: ['/var/lib/holdfast'],
    }),
  config: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        'Configuration of an installation of the Enterprise Edition, used instead of a data folder.',
      examples: ['/etc/holdfast/enterprise.json'],
    }),
  url: z
    .url({ protocol: /^https?$/, error: 'expected an http(s) URL like http://127.0.0.1:8080' })
    .optional()
    .meta({ description: 'Server to speak to instead of opening a data folder.' }),
  token: z
    .string()
    .min(16)
    .optional()
    .meta({ description: 'Token of that server (server.json). Secret.', secret: true }),
  host: z
    .enum(['127.0.0.1', 'localhost', '::1'], {
      error: 'expected 127.0.0.1, localhost or ::1: without sign-in the server is for this machine only',
    })
    .default('127.0.0.1')
    .meta({ description: 'Address `serve` binds to.' }),
  port: z.coerce
    .number({ error: 'expected a port number' })
    .int()
    .min(0)
    .max(65535)
    .default(8080)
    .meta({ description: 'Port `serve` binds to; 0 = any free one.' }),
  timeZone: TimeZone.default(() => Intl.DateTimeFormat().resolvedOptions().timeZone).meta({
    description:
      "The organisation's time zone; days in queries are understood by it unless the query names another. Default: that of the machine.",
  }),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .meta({ description: 'What the server logs to standard error.' }),
});
export type Config = z.infer<typeof Config>;
