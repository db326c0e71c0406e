import { z } from 'zod';
import { Instant } from '../ids.ts';

/** `holdfast.json`: what is fixed when a data folder is made. */
export const FolderDescription = z
  .strictObject({
    format: z.literal(1).meta({ description: 'Layout of the folder.' }),
    installation: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits')
      .meta({ description: 'Installation id, random.', examples: ['8d3c7a9d1f0e4b6c9a2b5d8e7f001122'] }),
    analyzerVersion: z
      .int()
      .min(1)
      .meta({ description: 'Version of the text analysis its index was made with.' }),
    partitions: z
      .strictObject({
        im: z.int().min(1).max(256),
        governance: z.literal(1),
        audit: z.literal(1),
      })
      .meta({ description: 'Partitions of each stream of the event log.' }),
    keyId: z
      .string()
      .regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits')
      .meta({ description: 'First 16 hex digits of the SHA-256 of the public key in keys/.' }),
    createdAt: Instant,
  })
  .meta({ id: 'FolderDescription' });
export type FolderDescription = z.infer<typeof FolderDescription>;

/** `server.json`: how to speak to the process that holds a data folder. Mode 0600, for it holds a secret. */
export const ServerAddress = z
  .strictObject({
    pid: z.int().min(1).meta({ description: 'Process id of the server.' }),
    url: z.url().meta({ description: 'Where it listens.', examples: ['http://127.0.0.1:8080'] }),
    token: z.string().min(16).meta({ description: 'What it wants as bearer token. Secret.' }),
  })
  .meta({ id: 'ServerAddress' });
export type ServerAddress = z.infer<typeof ServerAddress>;
