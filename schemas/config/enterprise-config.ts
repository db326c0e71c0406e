import { z } from 'zod';
import { TimeZone } from './config.ts';

const file = (what: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${what} A relative path is taken from the folder of this file.` });

const isPort = (address: string): boolean => Number(address.slice(address.lastIndexOf(':') + 1)) <= 65_535;

const broker = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/, {
    error: 'expected host:port, like kafka-1.example:9092',
    abort: true,
  })
  .refine(isPort, 'expected a port up to 65535');

const hasNoAccount = (url: string): boolean => {
  const { username, password } = URL.parse(url) ?? { username: '', password: '' };
  return username === '' && password === '';
};

const Tls = z.strictObject({
  caFile: file('Certificates of the authorities to trust, PEM. Default: those the system trusts.').optional(),
  certFile: file('Our own certificate, PEM, where the other side wants one.').optional(),
  keyFile: file('Its private key, PEM.').optional(),
});

const Kafka = z.strictObject({
  brokers: z.array(broker).min(1).meta({ description: 'Some brokers; the others are learned from them.' }),
  tls: Tls.refine(
    ({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined),
    'expected certFile with keyFile, or neither',
  )
    .optional()
    .meta({ description: 'Encrypts the connections; `{}` trusts what the system trusts.' }),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: z.string().min(1),
      passwordFile: file('File that holds the password and nothing else.'),
    })
    .optional(),
});

const Elasticsearch = z
  .strictObject({
    nodes: z
      .array(
        z
          .url({ protocol: /^https?$/, error: 'expected an http(s) URL like https://search-1.example:9200' })
          .refine(hasNoAccount, 'expected no name and password in the URL: see username and passwordFile'),
      )
      .min(1),
    tls: Tls.pick({ caFile: true }).optional(),
    apiKeyFile: file('File that holds the API key, encoded as Elasticsearch gave it out.').optional(),
    username: z.string().min(1).optional(),
    passwordFile: file('File that holds the password and nothing else.').optional(),
  })
  .refine(
    ({ apiKeyFile, username, passwordFile }) =>
      (username === undefined) === (passwordFile === undefined) &&
      (apiKeyFile === undefined || username === undefined),
    'expected apiKeyFile, or username with passwordFile, or neither',
  );

/** One installation of the Enterprise Edition: the same file for every process of it. */
export const EnterpriseConfig = z
  .strictObject({
    installation: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits, made once by `holdfast init`')
      .meta({ description: 'Installation id: in the name of every topic and index. Never changes.' }),
    profile: z.enum(['production', 'development']).default('production').meta({
      description:
        'production: three brokers and two copies of the index, or start is refused. development: single nodes, which cannot keep every promise; start says which.',
    }),
    timeZone: TimeZone.optional().meta({
      description:
        "The organisation's time zone; days in queries are understood by it. Default: the machine's.",
    }),
    partitions: z
      .int()
      .min(1)
      .max(256)
      .default(12)
      .meta({ description: 'Partitions of the stream of messages; fixed when the topics are made.' }),
    kafka: Kafka,
    elasticsearch: Elasticsearch,
    state: file('Folder for what each process may keep and lose: its view of the ledger.').default('state'),
    keys: file('Folder with the key pair that signs tree heads; archivers need no private key.').default(
      'keys',
    ),
    server: z
      .strictObject({
        host: z
          .enum(['127.0.0.1', 'localhost', '::1', '0.0.0.0'], {
            error:
              'expected 127.0.0.1, localhost or ::1, or inside a container 0.0.0.0: there is no sign-in yet',
          })
          .default('127.0.0.1')
          .meta({
            description:
              'Address the HTTP server of a process binds to. 0.0.0.0 only inside a container whose port is published to loopback alone: there is no sign-in yet.',
          }),
        port: z.int().min(0).max(65535).default(8080),
        tokenFile: file(
          'File with the token that calls of the API must carry; at least 16 characters.',
        ).default('token'),
      })
      .prefault({}),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .meta({ id: 'EnterpriseConfig' });
export type EnterpriseConfig = z.infer<typeof EnterpriseConfig>;
