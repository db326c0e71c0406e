import type { z } from 'zod';
import { RangeProposal, SignedHead } from '../archive/ledger.ts';
import { AuditEvent } from '../events/audit-event.ts';
import { GovernanceEvent } from '../events/governance-event.ts';
import { ImEvent, UnparsedRecord } from '../events/im-event.ts';
import { idOf, SchemaCollection } from './json-schemas.ts';

interface Stream {
  readonly description: string;
  readonly messages: readonly z.ZodType[];
}

/** Every stream of an installation with the events that may stand in it. */
export const streams: Readonly<Record<string, Stream>> = {
  im: {
    description: 'What people said and did; partitioned by conversation.',
    messages: [...ImEvent.options, UnparsedRecord],
  },
  governance: {
    description: 'Decisions about the archive; one partition, append-only, never expires.',
    messages: [...GovernanceEvent.options],
  },
  audit: {
    description: 'Every read, change and refusal; one partition, append-only, never expires.',
    messages: [AuditEvent],
  },
  ledger: {
    description: 'The account of every offset, and signed tree heads; append-only, never expires.',
    messages: [RangeProposal, SignedHead],
  },
};

/** AsyncAPI 3.0 of the streams. */
export const asyncapiOf = (version: string): Readonly<Record<string, unknown>> => {
  const schemas = new SchemaCollection('#/components/schemas/');
  const channels: Record<string, unknown> = {};
  const operations: Record<string, unknown> = {};
  const messages: Record<string, unknown> = {};
  for (const [name, { description, messages: payloads }] of Object.entries(streams)) {
    const ids = payloads.map((payload) => {
      const id = requiredId(payload);
      messages[id] = { name: id, contentType: 'application/json', payload: schemas.refer(payload) };
      return id;
    });
    channels[name] = { address: name, description, messages: refsOf(ids, '#/components/messages/') };
    const channel = { $ref: `#/channels/${name}` };
    operations[`append-${name}`] = { action: 'send', channel, summary: `Appends to the ${name} stream.` };
    operations[`read-${name}`] = { action: 'receive', channel, summary: `Reads the ${name} stream.` };
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Holdfast streams', version, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas: schemas.all() },
  };
};

const requiredId = (schema: z.ZodType): string => {
  const id = idOf(schema);
  if (id === undefined) throw new Error('a message of a stream needs an id in its meta');
  return id;
};

const refsOf = (ids: readonly string[], prefix: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(ids.map((id) => [id, { $ref: `${prefix}${id}` }]));
